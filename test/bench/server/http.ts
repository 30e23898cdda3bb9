/** The bench's server over Streamable HTTP, bare node:http: `node http.ts [tools]`. Prints its port. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { behaviour } from './behave.ts';

const behave = behaviour(Number(process.argv[2] ?? 1));
const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    request.resume();
    response.writeHead(request.method === 'DELETE' ? 200 : 405, { 'Content-Length': '0' });
    response.end();
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const answer = behave(body.toString('utf8'));
    if (answer === undefined) {
      response.writeHead(202, { 'Content-Length': '0' });
      response.end();
      return;
    }
    const raw = Buffer.from(answer);
    const session: Record<string, string> =
      request.headers['mcp-session-id'] === undefined ? { 'Mcp-Session-Id': randomUUID() } : {};
    response.writeHead(200, {
      ...session,
      'Content-Type': 'application/json',
      'Content-Length': String(raw.length),
    });
    response.end(raw);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
