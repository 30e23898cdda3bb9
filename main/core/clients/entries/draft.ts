import { createHash } from 'node:crypto';
import { isObject } from '../../../../shared/base/is-object.ts';
import { BULLETS, isSecretArgument, isSecretSetting, looksSecret } from './credentials.ts';
import { holdsCredential } from './url-credentials.ts';

/** A server as an entry describes it, variables in place, secrets and all. Lives in memory only. */
export type Draft = {
  /** Values that were in a file of their own, and are secrets whatever they look like. */
  readonly fromFiles?: readonly string[];
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

/** SHA-256 of a value's meaning: the order of keys does not count. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

/** Command line or URL of an entry for people, secrets as bullets. Works for entries that cannot be routed, too. */
export function targetOf(entry: unknown): string {
  if (!isObject(entry)) return '';
  if (typeof entry.command === 'string') {
    const args = Array.isArray(entry.args) ? entry.args.map((arg) => String(arg)) : [];
    return [
      looksSecret(entry.command) ? BULLETS : entry.command,
      ...args.map((arg, i) => (isSecretArgument(arg, args[i - 1]) ? BULLETS : arg)),
    ].join(' ');
  }
  if (typeof entry.url !== 'string') return '';
  if (!holdsCredential(entry.url)) return looksSecret(entry.url) ? BULLETS : entry.url;
  return `${new URL(entry.url).origin}/${BULLETS}`;
}

/** The secrets of a draft, named as plans show them, and as the key store holds them for `server`. */
export function secretsOf(draft: Draft, server: string): { label: string; name: string; value: string }[] {
  const of = `server/${server}`;
  const fromFile = (value: string): boolean => draft.fromFiles?.includes(value) ?? false;
  if (draft.kind !== 'stdio') {
    const { url, headers } = draft;
    return [
      ...(holdsCredential(url) || fromFile(url) ? [{ label: 'URL', name: `${of}/url`, value: url }] : []),
      ...Object.entries(headers)
        .filter(([key, value]) => isSecretSetting(key, value) || fromFile(value))
        .map(([key, value]) => ({ label: `header ${key}`, name: `${of}/header/${key}`, value })),
    ];
  }
  return [
    ...draft.args.flatMap((value, i) =>
      isSecretArgument(value, draft.args[i - 1]) || fromFile(value)
        ? [{ label: `argument ${i + 1}`, name: `${of}/arg/${i}`, value }]
        : [],
    ),
    ...Object.entries(draft.env)
      .filter(([key, value]) => isSecretSetting(key, value) || fromFile(value))
      .map(([key, value]) => ({ label: `env ${key}`, name: `${of}/env/${key}`, value })),
  ];
}
