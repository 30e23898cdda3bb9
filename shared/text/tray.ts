import type { Decision } from '../schemas/audit.ts';
import { decisionWords } from './decisions.ts';
import { plainCount } from './plural.ts';

/**
 * Every sentence of the desktop app outside its pages: tray, notifications, dialogs, titles of windows. Names of clients,
 * servers and tools come in as they may be shown there (`main/shell/visible-text.ts`); times as times of day.
 */
export const tray = {
  /** The first line of the menu, also the tooltip. */
  state: {
    starting: 'Drawbridge is starting.',
    down: (why: string, retry: string): string =>
      `${why} It is started again at ${retry}. Until then every call fails.`,
    waiting: (n: number): string => `${plainCount(n, 'call')} ${n === 1 ? 'waits' : 'wait'} for you.`,
    raised: 'The bridge is raised: every call is refused.',
    paused: (client: string): string => `${client} is paused: its calls are denied.`,
    pausedMany: (n: number): string => `${plainCount(n, 'client')} are paused: their calls are denied.`,
    problem: (title: string): string => `Problem: ${title}`,
    bypass: (until: string | null): string =>
      until === null ? 'Every call is let through.' : `Every call is let through until ${until}.`,
    noClient: 'No client goes through Drawbridge yet.',
    observing: (servers: number, clients: number): string =>
      `Observing ${plainCount(servers, 'server')} for ${plainCount(clients, 'client')}: nothing is refused.`,
    /** @param observed servers that are only observed, beside those that are guarded */
    guarding: (servers: number, clients: number, observed: number): string => {
      const only = observed === 1 ? 'is' : 'are';
      const others = observed === 0 ? '' : ` ${plainCount(observed, 'server')} ${only} only observed.`;
      return `Guarding ${plainCount(servers, 'server')} for ${plainCount(clients, 'client')}.${others}`;
    },
  },
  menu: {
    startNow: 'Start it now',
    waiting: (n: number): string => `${plainCount(n, 'call')} waiting…`,
    resume: (client: string, until: string | null): string =>
      `Resume ${client}${until === null ? '' : ` (paused until ${until})`}`,
    raise: 'Raise the bridge (refuse every call)',
    lower: 'Lower the bridge',
    bypass: (minutes: number): string => `Let every call through for ${minutes} minutes`,
    endBypass: 'Stop letting every call through',
    lastCalls: 'Last calls',
    call: ({ time, client, what, server, decision }: RecentCall): string =>
      `${time}  ${client}: ${what} on ${server}, ${decisionWords[decision].ofCall}`,
    open: 'Open Drawbridge',
    settings: 'Settings…',
    quit: 'Quit Drawbridge',
  },
  tooltip: (state: string): string => `Drawbridge\n${state}`,
  /** What a line of the menu could not do. */
  failed: {
    notRunning: 'The core is not running.',
    bridge: 'The bridge was not changed',
    resume: 'The client was not resumed',
  },
  notification: {
    call: (client: string, tool: string, server: string): Notice => ({
      title: `${client} waits for you`,
      body: `It wants to call ${tool} on ${server}.`,
    }),
    more: {
      title: 'More calls wait for you',
      body: 'They are counted in the prompt and in the tray.',
    },
    closedToTray: {
      title: 'Drawbridge keeps running',
      body: 'The gateway still guards your clients. Open the window or quit from the icon in the tray.',
    },
  },
  window: { manager: 'Drawbridge', approval: 'Drawbridge: a call waits' },
  /** The window stays, because this desktop has no tray to open it from again. */
  noTray: {
    title: 'This desktop shows no tray icons, so the window stays open',
    detail:
      'Without the window there would be no way back to Drawbridge. Minimise it instead, or quit: then clients get an error for every call until Drawbridge runs again. On GNOME, the extension AppIndicator Support adds a tray.',
    minimise: 'Minimise',
    keepOpen: 'Keep open',
    quit: 'Quit Drawbridge',
  },
  /** Why the process of the core is not there. */
  core: {
    ended: (exitCode: number): string => `The core ended unexpectedly (exit code ${exitCode}).`,
    failed: (why: string): string => `The core does not run. ${why.replace(/\.?$/, '.')}`,
    connectionLost: 'The connection to it was lost.',
  },
};

/** One of the last calls, as a line of the menu shows it. */
export interface RecentCall {
  readonly time: string;
  readonly client: string;
  /** The tool, or the method where the call is of none. */
  readonly what: string;
  readonly server: string;
  readonly decision: Decision;
}

/** What a notification says. */
export interface Notice {
  readonly title: string;
  readonly body: string;
}
