import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import { createUpstreams, listTools } from '../../../main/core/upstream/index.ts';
import type { Upstreams } from '../../../main/core/upstream/types.ts';
import { deps, request, until } from '../../core/upstream/helpers.ts';

/** A server made with the official SDK, reached in three ways; `drop` forgets its sessions as a restart does. */
interface SdkServer {
  readonly http: Server;
  readonly origin: string;
  readonly sessions: Map<string, StreamableHTTPServerTransport>;
  open: number;
}

function mcp(): McpServer {
  const server = new McpServer({ name: 'fixture', version: '1' }, { capabilities: { logging: {} } });
  server.registerTool('slow', { description: 'Notes, then answers' }, async (extra) => {
    await extra.sendNotification({
      method: 'notifications/message',
      params: { level: 'info', data: 'working' },
    });
    return { content: [{ type: 'text', text: 'done' }] };
  });
  return server;
}

async function start(): Promise<SdkServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const sse = new Map<string, SSEServerTransport>();
  const http = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/sse') {
      const transport = new SSEServerTransport('/post', response);
      sse.set(transport.sessionId, transport);
      return mcp().connect(transport);
    }
    if (url.pathname === '/post')
      return sse.get(url.searchParams.get('sessionId') ?? '')?.handlePostMessage(incoming, response);
    const id = incoming.headers['mcp-session-id'];
    if (typeof id === 'string') {
      const known = sessions.get(id);
      return known ? known.handleRequest(incoming, response) : response.writeHead(404).end();
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: url.pathname === '/json',
      onsessioninitialized: (session) => {
        sessions.set(session, transport);
        server.open++;
      },
      onsessionclosed: () => {
        server.open--;
      },
    });
    await mcp().connect(transport);
    return transport.handleRequest(incoming, response);
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: SdkServer = { http, origin, sessions, open: 0 };
  return server;
}

let server: SdkServer;
let upstreams: Upstreams;
beforeEach(async () => {
  server = await start();
  const at = (path: string, kind: 'http' | 'sse' = 'http') => ({
    kind,
    url: `${server.origin}${path}`,
    headers: {},
  });
  upstreams = createUpstreams({
    ...deps({ servers: { stream: at('/stream'), json: at('/json'), sse: at('/sse', 'sse') } }),
    parse: parseFromServer,
  });
});
afterEach(async () => {
  await upstreams.stop();
  const closed = new Promise((done) => server.http.close(done));
  server.http.closeAllConnections();
  await closed;
});

describe('a server of the official SDK', () => {
  test.each(['stream', 'json', 'sse'])('%s: lists its tools and answers a call', async (name) => {
    const connection = await upstreams.connect(name);
    const tools = await listTools(connection, new AbortController().signal);
    expect(tools.map((tool) => tool.name)).toEqual(['slow']);
    const got: string[] = [];
    connection.onMessage((message) => void got.push(message.method ?? message.raw.toString()));
    connection.openStream();
    await connection.send(request(7, 'tools/call', { name: 'slow' }));
    await until('the answer', () => got.some((each) => each.includes('"id":7')));
    expect(got.at(-1)).toContain('done');
    // On a stream the notification comes before the answer; the JSON way sends it nowhere else than there.
    if (name !== 'json') expect(got[0]).toBe('notifications/message');
    expect(upstreams.health(name)).toMatchObject({ status: 'running', connections: 1 });
    await connection.close();
    expect(upstreams.health(name)).toMatchObject({ status: 'idle', connections: 0 });
    expect(server.open).toBe(0);
  });

  test('a restart of the server is a lost session, and initialize on the same connection goes on', async () => {
    const connection = await upstreams.connect('stream');
    await listTools(connection, new AbortController().signal);
    server.sessions.clear();
    await expect(connection.send(request(8, 'tools/list'))).rejects.toMatchObject({ kind: 'session-lost' });
    const tools = await listTools(connection, new AbortController().signal);
    expect(tools).toHaveLength(1);
  });
});
