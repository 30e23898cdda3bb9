import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly message: { id?: number; method?: string };
}
export interface HttpUpstream {
  readonly origin: string;
  readonly url: string;
  readonly calls: HttpCall[];
  /** TCP connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP server on the loopback that records each request and answers as the test says. */
export async function httpUpstream(
  answer: (call: HttpCall, response: ServerResponse) => void,
): Promise<HttpUpstream> {
  const calls: HttpCall[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const message = body === '' ? {} : (JSON.parse(body) as HttpCall['message']);
    const { method = '', url = '', headers } = request;
    const call = { method, url, headers, body, message };
    calls.push(call);
    answer(call, response);
  });
  server.on('connection', () => connections++);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/mcp`,
    calls,
    connections: () => connections,
    close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

export function sendJson(response: ServerResponse, text: string, status = 200, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text);
}
export function openSse(response: ServerResponse, headers = {}): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers }).flushHeaders();
}
