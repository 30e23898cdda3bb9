import { Agent, request } from 'node:http';
import type { RpcMessage } from '../../main/core/codec/types.ts';
import { gatewayWithFakes, type Parts, tool } from '../fakes/gateway-parts.ts';
import { RawClient } from '../fakes/raw-client.ts';
import { ASKED, TOOLS } from './frames.ts';
import type { Outcome } from './judge.ts';
import { mirrorOf } from './mirror.ts';

/** How long one POST may take: a frame that hangs the gateway is a failure too. */
const LONGEST_MS = 10_000;

const FIRST =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}';

/** One client with one session at its own gateway, and a server that records what it was sent. */
export class FuzzedClient {
  readonly #parts: Parts;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #headers: Record<string, string>;

  /** It speaks 2026-07-28, which has no sessions. */
  readonly modern: boolean;

  private constructor(parts: Parts, headers: Record<string, string>, modern: boolean) {
    this.#parts = parts;
    this.#headers = headers;
    this.modern = modern;
  }

  /** @param version 2025-03-26 has batches */
  static async open(version: string): Promise<FuzzedClient> {
    const modern = version >= '2026';
    const parts = await gatewayWithFakes({ era: modern ? 'modern' : 'legacy' });
    parts.server.tools = TOOLS.map((name) => tool(name));
    parts.rules.set('delete_repository', { decision: 'deny' });
    parts.rules.set('secret_tool', { decision: 'hide' });
    const client = new RawClient(parts.url());
    if (modern) {
      const opened = new FuzzedClient(parts, client.headers, true);
      // A first call, so that the list of tools is read and there is a connection.
      await opened.#send(Buffer.from(FIRST));
      return opened;
    }
    await client.initialize(version);
    await client.call('echo');
    return new FuzzedClient(parts, { ...client.headers, 'mcp-session-id': client.session as string }, false);
  }

  /** Gives the bytes to the gateway as a client's POST. */
  async post(bytes: Buffer): Promise<Outcome & { status: number }> {
    const { upstream, judged, rules, records } = this.#parts;
    for (const id of ASKED) {
      if (bytes.includes(id)) upstream.say(`{"jsonrpc":"2.0","id":${id},"method":"roots/list"}`);
    }
    upstream.sent.length = judged.length = records.length = 0;
    const status = await this.#send(bytes);
    const sent: RpcMessage[] = upstream.sent.filter(({ id }) => id?.startsWith('"drawbridge-') !== true);
    const allowed = judged.filter(({ tool, definition }) => definition && !rules.has(tool));
    return { posted: bytes, sent, allowed, status };
  }

  #send(body: Buffer): Promise<number> {
    const headers = this.modern ? { ...this.#headers, ...mirrorOf(body) } : this.#headers;
    return new Promise((done, fail) => {
      const post = request(
        this.#parts.url(),
        { method: 'POST', headers, agent: this.#agent, timeout: LONGEST_MS },
        (answer) => {
          answer.on('error', fail);
          answer.on('end', () => done(answer.statusCode ?? 0)).resume();
        },
      );
      post.on('timeout', () =>
        post.destroy(new Error(`The gateway did not answer within ${LONGEST_MS} ms.`)),
      );
      post.on('error', fail);
      post.end(body);
    });
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#parts.stop();
  }
}
