import { Client as Client2, StreamableHTTPClientTransport as Http2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import { createUpstreams } from '../../../main/core/upstream/index.ts';
import type { ResolvedServer } from '../../../main/core/upstream/types.ts';
import { nodePorts } from '../../../main/host/node/node-ports.ts';
import { gatewayWithFakes } from '../../fakes/gateway-parts.ts';

/** The two lines of the official SDK. */
export const CLIENTS = ['sdk-1', 'sdk-2'] as const;
export type ClientKind = (typeof CLIENTS)[number];

/** How a short session went: `works`, or the text of the first error. */
export type Outcome = string;

const TIME = { timeout: 5000 };
const INFO = { name: 'faults-test', version: '1' };

interface Target {
  readonly server: ResolvedServer;
  readonly headers?: Record<string, string>;
}

/** Connects, lists, calls twice. */
async function session(kind: ClientKind, { server, headers = {} }: Target): Promise<Outcome> {
  const client = kind === 'sdk-1' ? new Client1(INFO) : new Client2(INFO);
  try {
    if (client instanceof Client1) {
      const transport =
        server.kind === 'stdio'
          ? new Stdio1({ command: server.command, args: [...server.args], stderr: 'ignore' })
          : new Http1(new URL(server.url), { requestInit: { headers } });
      // Its own types do not agree about optional members.
      await client.connect(transport as Parameters<Client1['connect']>[0], TIME);
    } else {
      const transport =
        server.kind === 'stdio'
          ? new Stdio2({ command: server.command, args: [...server.args], stderr: 'ignore' })
          : new Http2(new URL(server.url), { requestInit: { headers } });
      await client.connect(transport, TIME);
    }
    const { tools } =
      client instanceof Client1 ? await client.listTools({}, TIME) : await client.listTools({}, TIME);
    if (tools.map(({ name }) => name).join() !== 'echo') return `lists ${JSON.stringify(tools)}`;
    for (const text of ['one', 'two']) {
      const call = { name: 'echo', arguments: { text } };
      const result =
        client instanceof Client1
          ? await client.callTool(call, undefined, TIME)
          : await client.callTool(call, TIME);
      const said = JSON.stringify(result.content);
      if (!said.includes(`echo: ${text}`)) return said;
    }
    return 'works';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.close();
  }
}

export const direct = (kind: ClientKind, server: ResolvedServer): Promise<Outcome> =>
  session(kind, { server });

/** The same through a gateway of its own. */
export async function routed(kind: ClientKind, server: ResolvedServer): Promise<Outcome> {
  const upstreams = createUpstreams({
    ports: nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} }),
    parse: parseFromServer,
    config: async () => server,
    limits: { stopStepMs: 300 },
  });
  const parts = await gatewayWithFakes({ upstreams });
  try {
    const headers = { authorization: 'Bearer token-cursor' };
    return await session(kind, { server: { kind: 'http', url: parts.url(), headers: {} }, headers });
  } finally {
    await parts.stop();
    await upstreams.stop();
  }
}
