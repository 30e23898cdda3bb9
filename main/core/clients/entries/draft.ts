import { digestOf } from '../files/hash.ts';

/** A server as an entry describes it, variables in place, secrets and all. Lives in memory only. */
export type Draft = {
  /** Texts with something from a file of its own or from a variable that holds a secret: secrets whatever they look like. */
  readonly hidden?: readonly string[];
} & (
  | {
      readonly kind: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
  | {
      readonly kind: 'http' | 'sse';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    }
);

/** Equal for servers that differ in nothing but their settings: environment or headers. */
export function programOf(draft: Draft): string {
  return identityOf(draft.kind === 'stdio' ? { ...draft, env: {} } : { ...draft, headers: {} });
}

/** Equal for servers that are one: same command after unwrapping `cmd /c`, arguments, environment, URL and headers. */
export function identityOf(draft: Draft): string {
  if (draft.kind !== 'stdio') return digestOf({ kind: draft.kind, url: draft.url, headers: draft.headers });
  let { command, args } = draft;
  if (/^(?:.*[\\/])?cmd(?:\.exe)?$/i.test(command)) {
    const at = args.findIndex((arg) => !/^\/[a-z]$/i.test(arg));
    const wrapped = args[at];
    if (wrapped !== undefined && args.slice(0, at).some((flag) => /^\/c$/i.test(flag))) {
      command = wrapped;
      args = args.slice(at + 1);
    }
  }
  return digestOf({ kind: 'stdio', command, args, env: draft.env, cwd: draft.cwd ?? null });
}
