/**
 * The least that carries HTTP to a stdio server: no policy, no record, no check of who asks, nothing parsed but the id.
 * What it costs is the price of the second hop itself. `node relay.ts SERVER.ts [tools]`; prints its port.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map<string, ServerResponse>();
const session = randomUUID();
let parts: Buffer[] = [];
child.stdout.on('data', (chunk: Buffer) => {
  let start = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
    const piece = chunk.subarray(start, end);
    const line = parts.length === 0 ? piece : Buffer.concat([...parts, piece]);
    parts = [];
    start = end + 1;
    const id = idOf(line);
    const response = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || !response) continue;
    waiting.delete(id);
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': String(line.length),
      'Mcp-Session-Id': session,
    });
    response.end(line);
  }
  if (start < chunk.length) parts.push(chunk.subarray(start));
});

const server = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (part: Buffer) => body.push(part));
  request.on('end', () => {
    const raw = body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body);
    const id = idOf(raw);
    child.stdin.cork();
    child.stdin.write(raw);
    child.stdin.write('\n');
    child.stdin.uncork();
    if (id !== undefined) {
      waiting.set(id, response);
      return;
    }
    response.writeHead(202, { 'Content-Length': '0' });
    response.end();
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('SIGTERM', () => {
  child.kill();
  process.exit(0);
});

function idOf(raw: Buffer): string | undefined {
  return /"id":(\d+)/.exec(raw.toString('latin1', 0, 64))?.[1];
}
