import type { Machine } from '../ports.ts';
import { envOf } from './places.ts';

/** How a client writes variables. */
export type Variables = 'none' | 'env-braces' | 'cursor' | 'gemini' | 'opencode';

/** Why an entry cannot be served by a gateway that several clients and folders share. The text is for people. */
export class CannotRoute extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRoute';
  }
}

/**
 * Puts a client's variables in place, as the client itself would. Throws {@link CannotRoute} for one that has no value
 * here or belongs to one window or project. Text that only looks like a variable stays.
 */
export function expand(text: string, variables: Variables, machine: Machine): string {
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
        return envOf(machine, name) ?? otherwise ?? unset(name);
      });
    case 'cursor':
      return text.replace(/\$\{([^}]*)\}/g, (all, inside: string) => {
        const env = /^env:(.+)$/.exec(inside)?.[1];
        if (env !== undefined) return envOf(machine, env) ?? unset(env);
        if (inside === 'userHome') return machine.home;
        if (inside === 'pathSeparator' || inside === '/') return machine.platform === 'win32' ? '\\' : '/';
        if (/^(input|command|config):|^(workspace|file|relativeFile|line|selected)/.test(inside))
          throw new CannotRoute(reason(all));
        return all;
      });
    case 'gemini':
      return text.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (all, bare?: string, inside?: string) => {
        const [, name, otherwise] = /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/.exec(bare ?? inside ?? '') ?? [];
        return name === undefined ? all : (envOf(machine, name) ?? otherwise ?? unset(name));
      });
    case 'opencode':
      return text.replace(/\{(env|file):([^}]+)\}/g, (all, kind: string, name: string) => {
        if (kind === 'env') return envOf(machine, name) ?? unset(name);
        throw new CannotRoute(`It takes a value from a file (${all}), which Drawbridge does not read yet.`);
      });
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
