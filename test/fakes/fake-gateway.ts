import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Body as it came. */
  readonly body: string;
}

/** As much of the gateway as the stdio bridge meets; each method of a request chooses a way to answer. */
export interface FakeGateway {
  readonly url: string;
  readonly seen: Seen[];
  /** Methods of the messages posted, in order. */
  methods(): string[];
  /** Sends a message on the GET streams. */
  push(text: string): void;
  /** Forgets every session: what comes next is answered with 404. */
  forgetSessions(): void;
  /** Ends it as a crash would: every connection is cut. */
  close(): Promise<void>;
}

/** One POST that a test answers itself. `id` is JSON text. */
export interface Posted {
  readonly id: string;
  readonly params: Record<string, unknown>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Answers with JSON. */
  json(text: string, status?: number, headers?: Record<string, string>): void;
  /** Begins an event stream. */
  stream(): void;
}
export interface FakeOptions {
  readonly port?: number;
  /** By method; before the ways below. */
  readonly on?: Readonly<Record<string, (posted: Posted) => void>>;
  /** Answers a GET with a session that is known. */
  readonly get?: (request: IncomingMessage, response: ServerResponse) => void;
}

export const FAKE_TOKEN = 'token-of-the-test-client';

export async function startFakeGateway(options: FakeOptions = {}): Promise<FakeGateway> {
  const seen: Seen[] = [];
  const sessions = new Set<string>();
  const streams = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    if (request.url === '/') return response.writeHead(404).end();
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    if (request.headers.authorization !== `Bearer ${FAKE_TOKEN}`) {
      return response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end('wrong token');
    }
    const session = String(request.headers['mcp-session-id'] ?? '');
    if (session !== '' && !sessions.has(session)) return response.writeHead(404).end();
    if (request.method === 'GET' && options.get) return options.get(request, response);
    if (request.method === 'GET') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      streams.add(response);
      return response.on('close', () => streams.delete(response));
    }
    if (request.method === 'DELETE') {
      sessions.delete(session);
      return response.writeHead(200).end();
    }
    return post(body, request, response, sessions, options.on ?? {});
  });
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    methods: () =>
      seen
        .filter((each) => each.method === 'POST')
        .map((each) => /"method"\s*:\s*"([^"]+)"/.exec(each.body)?.[1] ?? 'answer'),
    push(text) {
      for (const stream of streams) stream.write(`data: ${text}\n\n`);
    },
    forgetSessions: () => sessions.clear(),
    close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function post(
  body: string,
  request: IncomingMessage,
  response: ServerResponse,
  sessions: Set<string>,
  on: NonNullable<FakeOptions['on']>,
): void {
  let message: { id?: unknown; method?: string; params?: Record<string, unknown> };
  try {
    message = JSON.parse(body) as typeof message;
  } catch {
    const error = '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}';
    response.writeHead(400, { 'Content-Type': 'application/json' }).end(error);
    return;
  }
  const id = JSON.stringify(message.id);
  const json = (text: string, status = 200, headers = {}): void =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text);
  const result = (text: string): string => `{"jsonrpc":"2.0","id":${id},"result":${text}}`;
  const own = on[message.method ?? ''];
  if (own) {
    const stream = (): void =>
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    own({ id, params: message.params ?? {}, request, response, json, stream });
    return;
  }
  switch (message.method) {
    case 'initialize': {
      const session = randomUUID();
      sessions.add(session);
      json(result('{"protocolVersion":"2025-06-18","capabilities":{}}'), 200, { 'Mcp-Session-Id': session });
      break;
    }
    case 'server/discover':
      json(`{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"Method not found"}}`, 400);
      break;
    case 'test/pid':
      json(result(String(process.pid)));
      break;
    case 'test/echo':
      json(result(JSON.stringify(message.params?.text)));
      break;
    case 'test/pretty':
      json(`{\n  "jsonrpc": "2.0",\r\n  "id": ${id},\n  "result": {}\n}`);
      break;
    case 'test/stream':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': keep-alive\n\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
      response.end(`data: ${result('{"n":9007199254740993,  "unknown":"kept"}')}\n\n`);
      break;
    case 'test/hang':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      break;
    case 'test/no-answer':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
      break;
    case 'test/html':
      response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
      break;
    default:
      if (message.id === undefined || message.method === undefined) response.writeHead(202).end();
      else json(result('{}'));
  }
}
