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

/** Where variables get their values. */
export interface Sources {
  readonly machine: Machine;
  /** The text of a file that a variable names, without white space around it. @throws what stops the reading */
  file(path: string): string;
}

/**
 * Puts a client's variables in place, as the client itself would. Throws {@link CannotRoute} for one that has no value
 * here or belongs to one window or project. Text that only looks like a variable stays.
 */
export function expand(text: string, variables: Variables, sources: Sources): string {
  const { machine } = sources;
  const env = (name: string, otherwise?: string): string => envOf(machine, name) ?? otherwise ?? unset(name);
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
        `${variable} is kept by the client itself. Write the value into the entry, and Drawbridge moves it to the key store.`,
      );
    }
  }
}

function reason(variable: string): string {
  return variable.startsWith('${input')
    ? `It asks for ${variable} when the client starts it, which a shared gateway cannot.`
    : `${variable} differs from window to window, and the gateway serves them all.`;
}

function unset(name: string): never {
  throw new CannotRoute(
    `The environment variable ${name} is not set where Drawbridge runs. Set it, or write the value into the entry.`,
  );
}
