import type { ClientPlan, PlannedEntry } from '../../schemas/client.ts';

/** `clients`, `connect`, `disconnect`, `restore`, `token`. */
export const clients = {
  clients: {
    help: {
      usage: 'clients [--known] [--steps CLIENT]',
      summary:
        'The AI clients on this machine, their servers, and which are routed; --known lists those not found too, --steps how one is set up by hand.',
    },
    none: 'No AI client was found on this machine.',
    alsoKnown: (n: number): string =>
      `${n} more ${n === 1 ? 'client is' : 'clients are'} known and not here: drawbridge clients --known`,
    lastConnected: (time: string): string => `last connected ${time}`,
    restartNeeded: (how: string): string => `restart needed: ${how}`,
    seeSteps: (id: string): string => `steps: drawbridge clients --steps ${id}`,
  },
  steps: {
    title: (name: string): string => `${name}, by hand:`,
    step: (text: string, at: number): string => `${String(at + 1).padStart(3)}. ${text}`,
    notByHand: (name: string): string => `${name} is not set up by hand: Drawbridge edits its file.`,
    tryConnect: (id: string): string => `See the change first: drawbridge connect ${id} --dry-run`,
  },
  connect: {
    help: {
      usage: 'connect CLIENT|--all [--dry-run] [--merge] [--project-files]',
      summary:
        "Route a client's servers through Drawbridge; --dry-run shows the change and writes nothing, --merge uses one server where it is registered under another name already, --project-files first copies the servers of project files that you approved into your own settings (Claude Code).",
    },
    oneForProjects: 'name one client with --project-files',
    byHand: (name: string): string => `${name} has no file that Drawbridge could edit: it is set up by hand.`,
    trySteps: (id: string): string => `The steps: drawbridge clients --steps ${id}`,
  },
  disconnect: {
    help: { usage: 'disconnect CLIENT|--all [--dry-run]', summary: "Put a client's own entries back." },
  },
  /** Nothing to do in this direction. */
  nothingTo: {
    connect: 'No client has servers to route.',
    disconnect: 'No client is routed.',
  } satisfies Record<ClientPlan['direction'], string>,
  outside: {
    title: 'Left as they are, and not under your policies:',
    line: (client: string, what: string): string => `  ${client}: ${what}`,
  },
  progress: (at: number, of: number, name: string): string => `${at + 1} of ${of}: ${name}`,
  plan: {
    file: (path: string): string => `  ${path}`,
    problem: (text: string): string => `    !! ${text}`,
    entry: ({ action, name, project, reason, secrets }: PlannedEntry): string => {
      const where = project ? ` (${project})` : '';
      const why = reason ? `: ${reason}` : '';
      const moved = secrets.length > 0 ? `; moves to the key store: ${secrets.join(', ')}` : '';
      return `    ${action} ${name}${where}${why}${moved}`;
    },
    warning: (text: string): string => `  note: ${text}`,
  },
  restore: {
    help: {
      usage: 'restore --all',
      summary: 'Put every entry of every client back as it was. Works without the app.',
    },
    nothing: 'Nothing was routed; nothing was changed.',
  },
  token: {
    help: { usage: 'token CLIENT', summary: 'Print the bearer token for a client configured by hand.' },
  },
};
