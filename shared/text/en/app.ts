import type { Mode, ModeName } from '../../schemas/common.ts';
import { count, number } from '../plural.ts';

const modeTitle: Record<ModeName, string> = {
  enforce: 'Guarding',
  observe: 'Observing',
  raised: 'Bridge raised',
  bypass: 'Letting everything through',
};
const modeDetail: Record<ModeName, string> = {
  enforce: 'Policies decide about every call.',
  observe: 'Calls pass; what policies would have done is recorded.',
  raised: 'Every call is denied until the bridge is lowered.',
  bypass: 'Calls pass without a decision and are still recorded.',
};

export const app = {
  name: 'Drawbridge',
  skip: 'Skip to content',
  navigation: 'Main',
  nav: {
    overview: 'Overview',
    servers: 'Servers',
    clients: 'Clients',
    policies: 'Policies',
    activity: 'Activity',
    missed: 'Missed',
    settings: 'Settings',
    approvals: 'Calls waiting',
  },
  mode: {
    title: (mode: ModeName): string => modeTitle[mode],
    ready: 'Ready',
    detail: (mode: Mode): string => modeDetail[mode.mode],
    /** Of all servers, so many are only observed while the mode is enforce. */
    partly: (observed: number, of: number): string =>
      of === 0
        ? 'No server goes through Drawbridge yet.'
        : observed === of
          ? 'Calls pass; what policies would have done is recorded.'
          : `${number(observed)} of ${count(of, 'server')} ${observed === 1 ? 'is' : 'are'} only observed.`,
    name: {
      enforce: 'Enforce',
      observe: 'Observe',
      raised: 'Raised',
      bypass: 'Let through',
    } satisfies Record<ModeName, string>,
    choose: 'Mode',
    ends: (left: string): string => `ends in ${left}`,
    raise: 'Raise the bridge',
    lower: 'Lower the bridge',
    bypass: 'Let through for 15 minutes',
    endBypass: 'Stop letting through',
    raised: 'The bridge is raised. Every call is denied.',
    lowered: 'The bridge is lowered; what was before holds again.',
    bypassed: 'Everything is let through for 15 minutes.',
    bypassEnded: 'Nothing is let through unasked any more; what was before holds again.',
    set: (mode: ModeName): string => `Mode is now: ${modeTitle[mode].toLowerCase()}.`,
  },
  link: {
    connecting: 'Connecting to the core',
    lost: 'The connection to the core is lost. What you see may be out of date; it is tried again.',
    retry: 'Try again now',
    wrongToken: 'The token in the address is missing or no longer valid.',
    silent: 'The core does not answer.',
    gone: 'The connection to the core is gone.',
    goneFix: 'It is being made again.',
    refusedTitle: 'This address is no longer valid',
    refused:
      'The token in the address is missing or belongs to an earlier start of Drawbridge. Get a new address in a terminal, and open it:',
    refusedCommand: 'npx drawbridge serve',
  },
  palette: {
    title: 'Command palette',
    open: 'Search or run a command',
    placeholder: 'Type a command, server, tool page or client',
    empty: (text: string): string => `Nothing matches “${text}”.`,
    go: (place: string): string => `Go to ${place}`,
    server: (name: string): string => `Server: ${name}`,
    client: (name: string): string => `Client: ${name}`,
    review: (n: number, server: string): string => `Review ${count(n, 'changed tool')}: ${server}`,
    addServer: 'Add a server',
    scan: 'Look for clients again',
    theme: (theme: string): string => `Use the ${theme} theme`,
    showApprovals: (n: number): string => `Show ${count(n, 'waiting call')}`,
  },
  notFound: {
    title: 'There is no such page',
    detail: 'The address may be from an older version.',
    action: 'Go to the overview',
  },
  failed: { title: 'This page could not be loaded', retry: 'Try again' },
  crashed: { title: 'Something in the interface went wrong', action: 'Load the page again' },
  close: 'Close',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  loading: 'Loading',
  undo: 'Undo',
  more: 'More',
  never: 'never',
  none: 'none',
  ago: (text: string): string => `${text} ago`,
  justNow: 'just now',
  units: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd', B: 'B', kB: 'kB', MB: 'MB' },
  count,
  number,
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
};
