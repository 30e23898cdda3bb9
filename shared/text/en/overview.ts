import { count } from '../plural.ts';
import { KNOWN_CLIENTS } from './clients.ts';

export const overview = {
  title: 'Overview',
  firstRun: {
    title: 'Route your AI clients through Drawbridge',
    lead: 'Every tool call then passes here, where you can see, allow, limit, deny or approve it. Nothing is written before you press the button, and every change can be undone.',
    found: (clients: number, servers: number): string =>
      `Found ${count(clients, 'client')}, ${count(servers, 'server')}.`,
    nothing: {
      title: 'No AI client with MCP servers was found',
      detail: `Drawbridge looks for ${KNOWN_CLIENTS}. Set up a server in one of them and look again, or add a server here first.`,
    },
    scan: 'Look again',
    scanning: 'Looking',
    addServer: 'Add a server',
    choose: (name: string): string => `Route ${name}`,
    willRoute: (n: number): string => `${count(n, 'server')} will be routed`,
    willSkip: (n: number): string => `${count(n, 'server')} left as ${n === 1 ? 'it is' : 'they are'}`,
    secrets: (n: number): string => `${count(n, 'secret')} will move to the key store`,
    showDiff: 'Show changes',
    hideDiff: 'Hide changes',
    route: 'Route through Drawbridge',
    routing: 'Routing',
    progress: { waiting: 'Waiting', writing: 'Writing', done: 'Routed', failed: 'Failed' },
    observe:
      'Servers start with recommended rules that only observe: nothing is blocked until you turn enforcing on.',
    reading: 'Reading the configuration files',
  },
  after: {
    title: 'Routed. Now restart the clients',
    lead: 'A client reads its configuration when it starts. As soon as it comes by, it shows as connected.',
    waiting: 'Waiting for first handshake',
    connected: (software: string): string => `Connected: ${software}`,
    undo: 'Undo everything',
    undone: 'Everything is as it was.',
    done: 'Go to the overview',
  },
  waiting: (n: number): string => (n === 0 ? 'No call is waiting' : `${count(n, 'call')} waiting`),
  review: 'Review',
  stats: { calls: 'calls today', denied: 'denied', asked: 'asked', waiting: 'waiting' },
  problems: 'Problems',
  recent: 'Recent calls',
  allActivity: 'All activity',
  noCalls: {
    title: 'No call has come by yet',
    detail: 'Ask one of your routed clients to use a tool. Each call shows here within a second.',
  },
  clients: 'Clients',
  servers: 'Servers',
  observing: (n: number): string =>
    `${count(n, 'server')} only ${n === 1 ? 'observes' : 'observe'}: recommended rules are recorded and not enforced.`,
  observingAction: 'Review servers',
};
