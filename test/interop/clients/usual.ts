import { node } from '../kit.ts';
import type { Direct } from './program.ts';

/** The file of most clients: `mcpServers`, by name. */
export function usual(servers: readonly Direct[]): string {
  const entries = servers.map(({ name, args }) => [name, { command: node, args }]);
  return `${JSON.stringify({ mcpServers: Object.fromEntries(entries) }, null, 2)}\n`;
}
