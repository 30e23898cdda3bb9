import type { SignInView } from '../../schemas/server.ts';

/** `servers`, `servers add`, `servers remove`, `servers sign-in`, `servers sign-out`. */
export const servers = {
  list: {
    help: { usage: 'servers', summary: 'The MCP servers behind the gateway.' },
    none: 'No servers yet. Route a client (drawbridge connect --all), or add one (drawbridge servers add).',
    hasPolicy: 'policy',
    noPolicy: 'no policy yet',
    tools: (n: number | null): string => `${n ?? '?'} tools`,
    signIn: ({ state, issuer }: SignInView): string => {
      if (state === 'signed-in') return `signed in at ${issuer}`;
      return state === 'waiting' ? 'waiting for the browser' : 'not signed in';
    },
  },
  add: {
    help: {
      usage: 'servers add NAME -- CMD ARGS…  |  servers add NAME --url URL [--header K:V]…',
      summary: 'Register a server: a command to start, or a Streamable HTTP address.',
    },
    added: (name: string): string => `Added ${name}. Its tools: drawbridge tools ${name}`,
    wantsSignIn: (name: string): string =>
      `Added ${name}. It wants you to sign in: drawbridge servers sign-in ${name}`,
  },
  remove: {
    help: {
      usage: 'servers remove NAME',
      summary: 'Forget a server and its secrets. Its policy file stays.',
    },
    removed: (name: string): string => `Removed ${name}.`,
  },
  signIn: {
    help: {
      usage: 'servers sign-in NAME [--client-id ID [--client-secret-stdin]] [--allow EXCEPTION]…',
      summary: 'Sign in to a server with OAuth: prints a page to open in a browser, and waits.',
    },
    open: (url: string): string =>
      `Open this page in a browser on this machine, and sign in there:\n\n  ${url}\n\nWaiting.`,
    done: (name: string, issuer: string | null): string => `Signed in to ${name} at ${issuer}.`,
    givenUp: 'The sign-in was given up.',
    again: (name: string): string => `Try again: drawbridge servers sign-in ${name}`,
    withClient: (fix: string, name: string): string =>
      `${fix} Then: drawbridge servers sign-in ${name} --client-id ID [--client-secret-stdin]`.trim(),
  },
  signOut: {
    help: {
      usage: 'servers sign-out NAME',
      summary: 'Delete the tokens of a server, here and at its authorization server.',
    },
    done: (name: string): string => `Signed out of ${name}.`,
  },
};
