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
  edit: {
    help: {
      usage:
        'servers edit NAME [-- CMD ARGS…] [--url URL] [--header K:V]… [--env K=V]… [--cwd DIR] [--unset KEY]… [--start used|client]',
      summary:
        'Change how a server is reached; what is not named stays. --unset takes a variable or header away. --start used: run it only while it is used.',
    },
    edited: (name: string): string => `Changed ${name}.`,
    nothing: 'say what to change',
    start: (given: string): string => `--start takes used or client, not ${given}`,
    notBoth: 'a server has either a command or a URL',
    onlyStdio: (option: string): string => `${option} is for servers that are started as a command`,
    onlyHttp: (option: string): string => `${option} is for servers that are reached over HTTP`,
    env: (given: string): string => `--env takes NAME=VALUE, not ${given}`,
  },
  rename: {
    help: {
      usage: 'servers rename NAME NEW',
      summary:
        'Give a server another name; its policy, pins and secrets go along, and entries of clients follow.',
    },
    renamed: (from: string, to: string): string => `${from} is called ${to} now.`,
    noEntries: 'No client has an entry for it.',
  },
  start: {
    help: {
      usage: 'servers start NAME',
      summary: 'Start a server and list its tools, to see that it works.',
    },
    works: (name: string, tools: number): string => `${name} works: ${tools} tools.`,
  },
  stop: {
    help: {
      usage: 'servers stop NAME',
      summary: 'End what runs of a server; it starts again when it is used.',
    },
    stopped: (name: string): string => `Stopped ${name}. It starts again when it is used next.`,
  },
  restart: {
    help: { usage: 'servers restart NAME', summary: 'End what runs of a server, and start it again.' },
  },
  disable: {
    help: {
      usage: 'servers disable NAME',
      summary: 'Switch a server off: nothing of it is started until enable.',
    },
    done: (name: string): string =>
      `${name} is off. Calls to it are refused until: drawbridge servers enable ${name}`,
  },
  enable: {
    help: { usage: 'servers enable NAME', summary: 'Switch a server on again.' },
    done: (name: string): string => `${name} is on.`,
  },
  off: 'off',
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
