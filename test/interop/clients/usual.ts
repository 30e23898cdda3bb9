import { node } from '../kit.ts';
import type { Direct } from './program.ts';

/** The file of most clients: `mcpServers`, by name. */
export function usual(servers: readonly Direct[]): string {
  return usualWith(servers, {});
}

/** The same with more members in each entry. */
export function usualWith(servers: readonly Direct[], more: object): string {
  const entries = servers.map(({ name, args }) => [name, { command: node, args, ...more }]);
  return `${JSON.stringify({ mcpServers: Object.fromEntries(entries) }, null, 2)}\n`;
}
