import { DatabaseSync } from 'node:sqlite';
import {
  Client as Client2,
  StreamableHTTPClientTransport as Http2,
  SSEClientTransport as Sse2,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as Sse1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import { createWordStore } from '../../../main/core/gateway/kept/store.ts';
import type { KeptServers } from '../../../main/core/gateway/kept/types.ts';
import type { Database } from '../../../main/core/ports.ts';
import { createUpstreams } from '../../../main/core/upstream/index.ts';
import type { ResolvedServer, UpstreamDeps } from '../../../main/core/upstream/types.ts';
import { nodePorts } from '../../../main/host/node/node-ports.ts';
import { gatewayWithFakes } from '../../fakes/gateway-parts.ts';
import type { Expected } from '../../fixtures/servers/faults/modes.ts';

/** The two lines of the official SDK. */
export const CLIENTS = ['sdk-1', 'sdk-2'] as const;
export type ClientKind = (typeof CLIENTS)[number];

/** How a short session went: `works`, or the text of the first error. */
export type Outcome = string;

/**
 * How long a client waits, ms. Without a gateway many faults make it wait in vain, and one that works too slowly only makes
 * the comparison weaker; through the gateway nothing may make it wait so long.
 */
const DIRECT_MS = 1500;
const ROUTED_MS = 60_000;
const TIMED_OUT = /timed out/i;
const INFO = { name: 'faults-test', version: '1' };

interface Target {
  readonly server: ResolvedServer;
  readonly headers?: Record<string, string>;
  /** Whether a client that knows it is to speak revision 2026-07-28. */
  readonly modern?: boolean;
  readonly timeout: number;
}
interface Lists {
  tools: { name: string }[];
}

async function session(kind: ClientKind, target: Target): Promise<Outcome> {
  const client =
    kind === 'sdk-1'
      ? new Client1(INFO)
      : new Client2(INFO, { versionNegotiation: { mode: target.modern ? 'auto' : 'legacy' } });
  let timer: NodeJS.Timeout | undefined;
  try {
    // Where it cannot write, a client waits without a limit of its own.
    const never = new Promise<Outcome>((done) => {
      timer = setTimeout(done, target.timeout * 3, 'timed out without an error');
    });
    return await Promise.race([steps(client, target), never]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
    await client.close();
  }
}

/** Connects, lists everything, calls twice. */
async function steps(client: Client1 | Client2, target: Target): Promise<Outcome> {
  const time = { timeout: target.timeout };
  // The types of the transports do not agree about optional members.
  if (client instanceof Client1) await client.connect(transport1(target) as never, time);
  else await client.connect(transport2(target), time);
  const { tools } = (await (client as Client1).listTools(undefined, time)) as Lists;
  const name = tools.map((tool) => tool.name).find((each) => /^(files__)?echo$/.test(each));
  if (name === undefined) return `lists ${JSON.stringify(tools)}`;
  const has = client.getServerCapabilities() ?? {};
  if (has.prompts) await quietly(() => (client as Client1).listPrompts(undefined, time));
  if (has.resources) {
    await quietly(() => (client as Client1).listResources(undefined, time));
    await quietly(() => (client as Client1).listResourceTemplates(undefined, time));
  }
  for (const text of ['one', 'two']) {
    const call = { name, arguments: { text } };
    const result =
      client instanceof Client1
        ? await client.callTool(call, undefined, time)
        : await client.callTool(call, time);
    const said = JSON.stringify(result.content);
    if (result.isError || !said.includes(`echo: ${text}`)) return said;
  }
  return 'works';
}

/** A list that a server does not have is an answer; waiting for one in vain is not. */
async function quietly(list: () => Promise<unknown>): Promise<void> {
  await list().catch((error: Error) => {
    if (!/not found/i.test(error.message)) throw error;
  });
}

function transport1({ server, headers = {} }: Target): Stdio1 | Http1 | Sse1 {
  if (server.kind === 'stdio')
    return new Stdio1({ command: server.command, args: [...server.args], stderr: 'ignore' });
  const url = new URL(server.url);
  return server.kind === 'sse' ? new Sse1(url) : new Http1(url, { requestInit: { headers } });
}

function transport2({ server, headers = {} }: Target): Stdio2 | Http2 | Sse2 {
  if (server.kind === 'stdio')
    return new Stdio2({ command: server.command, args: [...server.args], stderr: 'ignore' });
  const url = new URL(server.url);
  return server.kind === 'sse' ? new Sse2(url) : new Http2(url, { requestInit: { headers } });
}

export interface Case {
  readonly client: ClientKind;
  readonly server: ResolvedServer;
  readonly modern?: boolean;
}

export const direct = ({ client, ...target }: Case): Promise<Outcome> =>
  session(client, { ...target, timeout: DIRECT_MS });

export interface GatewayBefore {
  readonly url: URL;
  stop(): Promise<void>;
}

/** A gateway of its own, with one server behind it. @param path one server, or all together */
export async function gatewayBefore(
  server: ResolvedServer,
  auth?: UpstreamDeps['auth'],
  path = '/s/files/mcp',
  kept?: KeptServers,
): Promise<GatewayBefore> {
  const upstreams = createUpstreams({
    ports: nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} }),
    parse: parseFromServer,
    config: async () => server,
    limits: { stopStepMs: 300 },
    ...(auth ? { auth } : {}),
  });
  const parts = await gatewayWithFakes({ upstreams, ...(kept ? { kept } : {}) });
  return {
    url: new URL(path, parts.url()),
    async stop() {
      await parts.stop();
      await upstreams.stop();
    },
  };
}

/** The same through a gateway. @param path as for {@link gatewayBefore} */
export async function routed({ client, server, modern }: Case, path?: string): Promise<Outcome> {
  const { url, stop } = await gatewayBefore(server, undefined, path);
  try {
    return await session(client, {
      server: { kind: 'http', url: url.href, headers: {} },
      headers: { authorization: 'Bearer token-cursor' },
      modern: modern === true,
      timeout: ROUTED_MS,
    });
  } finally {
    await stop();
  }
}

/**
 * The same where the server runs only while it is used: a session that starts it, and one that is answered from what it said
 * then. Both must go the same way.
 */
export async function routedWhenUsed({ client, server }: Case): Promise<Outcome> {
  const database = new DatabaseSync(':memory:');
  const words = createWordStore(database as unknown as Database, () => {});
  const { url, stop } = await gatewayBefore(server, undefined, undefined, {
    ...words,
    key: async (_, { raw }) => raw.toString(),
  });
  const target: Target = {
    server: { kind: 'http', url: url.href, headers: {} },
    headers: { authorization: 'Bearer token-cursor' },
    timeout: ROUTED_MS,
  };
  try {
    const first = await session(client, target);
    const second = await session(client, target);
    return first === second ? first : `${second} (the first time: ${first})`;
  } finally {
    await stop();
    database.close();
  }
}

/** What is wrong with how a mode came out; undefined where it is as expected. */
export async function judge(
  expected: Expected['routed'],
  through: () => Promise<Outcome>,
  straight: () => Promise<Outcome>,
): Promise<string | undefined> {
  const here = expected === 'works' ? undefined : await straight();
  // What a client itself refuses passes through unchanged, and leaves it waiting in both ways.
  if (expected === 'as-direct' && here !== undefined && TIMED_OUT.test(here)) return undefined;
  const there = await through();
  const right =
    expected instanceof RegExp
      ? here !== 'works' && expected.test(there)
      : there === 'works' || (here !== undefined && here !== 'works' && !TIMED_OUT.test(there));
  return right ? undefined : `${there} (directly: ${here ?? 'not tried'})`;
}
