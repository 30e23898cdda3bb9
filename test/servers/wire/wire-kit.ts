import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import { createUpstreams } from '../../../main/core/upstream/index.ts';
import type { ResolvedServer } from '../../../main/core/upstream/types.ts';
import { nodePorts } from '../../../main/host/node/node-ports.ts';
import { gatewayWithFakes, type Parts } from '../../fakes/gateway-parts.ts';
import { MCP_HEADERS, until } from '../../fakes/raw-client.ts';

const servers = join(import.meta.dirname, '../../fixtures/servers');
export const kinds = ['stdio', 'json', 'sse'] as const;
export type Kind = (typeof kinds)[number];

export interface WireAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  /** The whole body. */
  readonly body: Buffer;
  /** The messages in it, each with its own bytes. */
  readonly messages: string[];
}

/** A client's session through a real gateway with a real server that keeps what it reads and says what it is told. */
export interface Wire {
  readonly parts: Parts;
  /** Posts exactly these bytes. */
  post(body: string | Buffer, headers?: Record<string, string>): Promise<WireAnswer>;
  /** The answer to initialize, or to server/discover. */
  readonly begun: WireAnswer;
  /** Posts a request of revision 2026-07-28, with the headers that repeat it. */
  ask(body: string): Promise<WireAnswer>;
  /** The raw messages that the server has read since the last time, once they are at least so many. */
  read(least: number): Promise<string[]>;
  /** The same up to this message, which must come; it is not among them. */
  readTo(last: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** The member of `params._meta` that makes the server say these messages. */
export function say(...messages: (string | Buffer)[]): string {
  return `"wire/say":${JSON.stringify(messages.map((each) => Buffer.from(each).toString('base64')))}`;
}

/** What each request of revision 2026-07-28 carries in `params._meta`. */
export const REVISION =
  '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}';

export async function startWire(
  kind: Kind,
  options: { tools?: string; initialize?: string; discover?: string; version?: string; hide?: string[] } = {},
): Promise<Wire> {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-wire-'));
  const record = join(dir, 'read');
  writeFileSync(record, '');
  const env: Record<string, string> = { WIRE_RECORD: record, WIRE_ANSWER: kind };
  if (options.tools !== undefined) env.WIRE_TOOLS = options.tools;
  if (options.discover !== undefined) env.WIRE_DISCOVER = options.discover;
  if (options.initialize !== undefined) env.WIRE_INITIALIZE = options.initialize;
  let child: ChildProcess | undefined;
  let config: ResolvedServer = {
    kind: 'stdio',
    command: process.execPath,
    args: [join(servers, 'wire.ts')],
    env,
  };
  if (kind !== 'stdio') {
    child = spawn(process.execPath, [join(servers, 'wire-http.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    const line = await new Promise<string>((done) =>
      child?.stdout?.once('data', (part) => done(String(part))),
    );
    const { port } = JSON.parse(line) as { port: number };
    config = { kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} };
  }
  const ports = nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} });
  const upstreams = createUpstreams({
    ports,
    parse: parseFromServer,
    config: async () => config,
    limits: { stopStepMs: 300 },
  });
  const parts = await gatewayWithFakes({ upstreams });
  parts.maxMessageBytes = 64 * 1024 * 1024;
  for (const name of options.hide ?? []) parts.rules.set(name, { decision: 'hide' });
  const agent = new Agent({ keepAlive: true });
  let session: Record<string, string> = {};

  const post: Wire['post'] = (body, headers = {}) =>
    new Promise((done, fail) => {
      const all = { ...MCP_HEADERS, authorization: 'Bearer token-cursor', ...session, ...headers };
      const asked = request(parts.url(), { method: 'POST', headers: all, agent }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', fail);
        answer.on('end', () => {
          const whole = Buffer.concat(pieces);
          const type = String(answer.headers['content-type'] ?? '');
          const messages = type.startsWith('text/event-stream') ? eventsOf(whole) : [whole.toString('utf8')];
          done({ status: answer.statusCode ?? 0, headers: answer.headers, body: whole, messages });
        });
      });
      asked.on('error', fail);
      asked.end(body);
    });
  let taken = 0;
  const ask: Wire['ask'] = (body) => {
    const { method, params } = JSON.parse(body) as {
      method: string;
      params?: { name?: string; uri?: string };
    };
    const name = params?.name ?? params?.uri;
    return post(body, {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    });
  };
  let begun: WireAnswer;
  if (options.discover !== undefined) {
    begun = await ask(`{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{${REVISION}}}}`);
  } else {
    const version = options.version ?? '2025-11-25';
    begun = await post(
      `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"${version}","capabilities":{},"clientInfo":{"name":"wire","version":"1"}}}`,
    );
    session = { 'mcp-session-id': String(begun.headers['mcp-session-id']) };
    await post('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }
  const wire: Wire = {
    parts,
    post,
    begun,
    ask,
    async read(least) {
      const end = kind === 'stdio' ? '\n' : '\n\0';
      let fresh = '';
      const enough = (): boolean => {
        const bytes = readFileSync(record).subarray(taken);
        fresh = bytes.toString('utf8');
        return fresh.endsWith(end) ? fresh.split(end).length > least : least === 0 && fresh === '';
      };
      await until(enough);
      taken += Buffer.byteLength(fresh);
      return fresh.split(end).slice(0, -1);
    },
    async readTo(last) {
      const all: string[] = [];
      while (all.at(-1) !== last) all.push(...(await wire.read(1)));
      return all.slice(0, -1);
    },
    async stop() {
      agent.destroy();
      await parts.stop();
      await upstreams.stop();
      child?.kill();
      rmSync(dir, { recursive: true });
    },
  };
  // What was said to find out its revision, and to begin.
  await wire.read(2);
  return wire;
}

/** The data of each event, as it stands on the line. */
function eventsOf(body: Buffer): string[] {
  return body
    .toString('utf8')
    .split('\n\n')
    .flatMap((event) => event.split('\n').filter((line) => line.startsWith('data: ')))
    .map((line) => line.slice(6));
}
