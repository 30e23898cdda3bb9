import { loginShell } from '../../../../shared/text/core/login-shell.ts';
import type { ShellState } from '../../login-shell/index.ts';
import type { Machine } from '../../ports.ts';
import { envOf } from '../files/paths.ts';
import type { Variables } from '../table/types.ts';

/** Why an entry cannot be served by a gateway that several clients and folders share. The text is for people. */
export class CannotRoute extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRoute';
  }
}

/** A variable that an entry names has no value, so far. */
export class UnsetVariable extends CannotRoute {}

/** The value of an environment variable that an entry names. @throws UnsetVariable where it has none and no other is given */
export type Lookup = (name: string, otherwise?: string) => string;

/** Where variables get their values. */
export interface Sources {
  readonly machine: Machine;
  readonly env: Lookup;
  /** The text of a file that a variable names, without white space around it. @throws what stops the reading */
  file(path: string): string;
}

/**
 * Looks variables up where Drawbridge runs, then in the login shell, as the client would that was started from it.
 * @param used told of each value that was found, with its name
 */
export function lookupOf(
  machine: Machine,
  shell: ShellState | undefined,
  used: (name: string, value: string) => void,
): Lookup {
  return (name, otherwise) => {
    const value = envOf(machine, name) ?? shell?.variable(name);
    if (value !== undefined) used(name, value);
    const known = value ?? otherwise;
    if (known !== undefined) return known;
    const where = {
      windows: machine.platform === 'win32',
      shell: shell?.shell,
      problem: shell?.problem ?? null,
    };
    throw new UnsetVariable(loginShell.unsetVariable(name, where));
  };
}

/**
 * Puts a client's variables in place, as the client itself would. Throws {@link CannotRoute} for one that has no value
 * here or belongs to one window or project. Text that only looks like a variable stays.
 */
export function expand(text: string, variables: Variables, sources: Sources): string {
  const { machine, env } = sources;
  switch (variables) {
    case 'none':
      return text;
    case 'env-braces':
      return text.replace(/\$\{([^}]*)\}/g, (all, inside: string) => {
        const [, name, otherwise] = /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/.exec(inside) ?? [];
        if (name === undefined) {
          if (/^(input|workspaceFolder)\b/.test(inside)) throw new CannotRoute(reason(all));
          return all;
        }
        if (name === 'workspaceFolder') throw new CannotRoute(reason(all));
        return env(name, otherwise);
      });
    case 'editor':
      return text.replace(/\$\{([^}]*)\}/g, (all, inside: string) => {
        const name = /^env:(.+)$/.exec(inside)?.[1];
        if (name !== undefined) return env(name);
        if (inside === 'userHome') return machine.home;
        if (inside === 'pathSeparator' || inside === '/') return machine.platform === 'win32' ? '\\' : '/';
        if (/^(input|command|config):|^(workspace|file|relativeFile|line|selected)/.test(inside))
          throw new CannotRoute(reason(all));
        return all;
      });
    case 'windsurf':
      return text.replace(/\$\{(env|file):([^}]+)\}/g, (_all, kind: string, name: string) =>
        kind === 'env' ? env(name) : sources.file(name),
      );
    case 'gemini':
      return text.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (all, bare?: string, inside?: string) => {
        const [, name, otherwise] = /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/.exec(bare ?? inside ?? '') ?? [];
        return name === undefined ? all : env(name, otherwise);
      });
    case 'opencode':
      return text.replace(/\{(env|file):([^}]+)\}/g, (_all, kind: string, name: string) =>
        kind === 'env' ? env(name) : sources.file(name),
      );
    case 'continue': {
      const [variable] = /\$\{\{[^}]*\}\}/.exec(text) ?? [];
      if (variable === undefined) return text;
      throw new CannotRoute(
        `${variable} is kept by the client itself. Drawbridge cannot read it there. Add the server in the window of Drawbridge, which keeps the value in the key store, and remove it here.`,
      );
    }
  }
}

function reason(variable: string): string {
  return variable.startsWith('${input')
    ? `It asks for ${variable} when the client starts it, which a shared gateway cannot.`
    : `${variable} differs from window to window, and the gateway serves them all.`;
}
