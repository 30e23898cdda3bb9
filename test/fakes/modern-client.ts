import { type Answer, type Open, RawClient } from './raw-client.ts';

export const VERSION = '2026-07-28';
const NAMED: Record<string, string> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

export interface Sending {
  readonly id?: number | string;
  /** Beside what every request carries; undefined takes a member out. */
  readonly meta?: Record<string, unknown>;
  /** Beside those that repeat the body; undefined takes one out. */
  readonly headers?: Record<string, string | undefined>;
}

/** A client of revision 2026-07-28: every request says of itself what is needed (transports, request metadata). */
export class ModernClient extends RawClient {
  #next = 0;

  post(method: string, params: Record<string, unknown> = {}, how: Sending = {}): Open {
    const id = how.id ?? ++this.#next;
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': VERSION,
      'io.modelcontextprotocol/clientInfo': { name: 'modern', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
      ...how.meta,
    };
    const headers: Record<string, string | undefined> = {
      'mcp-protocol-version': VERSION,
      'mcp-method': method,
      'mcp-name': params[NAMED[method] ?? ''] as string | undefined,
      ...how.headers,
    };
    const sent = Object.entries(headers).filter((each): each is [string, string] => each[1] !== undefined);
    return this.open({ jsonrpc: '2.0', id, method, params: { ...params, _meta } }, Object.fromEntries(sent));
  }
  ask(method: string, params?: Record<string, unknown>, how?: Sending): Promise<Answer> {
    return this.post(method, params, how).done;
  }
  tool(name: string, args: object = {}, more: Record<string, unknown> = {}, how?: Sending): Promise<Answer> {
    return this.ask('tools/call', { name, arguments: args, ...more }, how);
  }
}
