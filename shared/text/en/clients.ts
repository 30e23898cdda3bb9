import type { ClientView } from '../../schemas/client.ts';
import { count } from '../plural.ts';

/** Those in the core's table of clients. */
export const KNOWN_CLIENTS = 'Claude Desktop, Claude Code, Cursor, Codex, Gemini CLI and opencode';

export const clients = {
  title: 'Clients',
  scan: 'Look again',
  scanned: 'Looked at the disk again.',
  restoreAll: 'Restore all',
  restoreTitle: 'Restore every client?',
  restoreText:
    'Every entry that Drawbridge changed goes back to what it was. The clients then reach their servers directly, without policies or audit.',
  restored: (n: number): string => `${count(n, 'client')} restored.`,
  state: {
    'not-installed': 'Not installed',
    'no-servers': 'No servers',
    direct: 'Not routed',
    partly: 'Partly routed',
    routed: 'Routed',
    problem: 'Problem',
  } satisfies Record<ClientView['state'], string>,
  entryState: { direct: 'direct', routed: 'routed', edited: 'edited by hand', skipped: 'left as it is' },
  entries: (n: number): string => count(n, 'server'),
  columns: { server: 'Server', target: 'Reaches', state: 'State' },
  project: (path: string): string => `project ${path}`,
  connect: 'Route',
  connectRest: 'Route the rest',
  disconnect: 'Undo',
  show: 'Details',
  connectTitle: (name: string): string => `Route ${name} through Drawbridge`,
  disconnectTitle: (name: string): string => `Undo routing of ${name}`,
  connectAction: 'Route through Drawbridge',
  disconnectAction: 'Undo routing',
  unchanged: 'Nothing would change.',
  fileProblem: 'This file is left alone',
  warnings: 'To know',
  moves: (names: string): string => `To the key store: ${names}`,
  action: { route: 'route', restore: 'restore', skip: 'leave' },
  changedSince: 'The file changed meanwhile. Here is what would change now.',
  restart: 'Restart',
  handshake: {
    none: 'Not heard from yet',
    last: (software: string, when: string): string => `${software}, last connected ${when}`,
  },
  notInstalled: 'Not found on this machine',
  empty: {
    title: 'No AI client was found',
    detail: `Drawbridge looks for ${KNOWN_CLIENTS} in their usual places.`,
  },
  diff: { label: (path: string): string => `Changes to ${path}`, added: 'added', removed: 'removed' },
};
