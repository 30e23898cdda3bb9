import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize, sep } from 'node:path';
import { WebSocketServer } from 'ws';
import type { Transport } from '../../../shared/rpc/transport.ts';
import { contentSecurityPolicy, contentType } from './ui-files.ts';
import { webSocketTransport } from './ws-transport.ts';

export type Role = 'manager' | 'approver';
export interface ControlServer {
  readonly port: number;
  /** Takes no new connection; those that are open go on. */
  leave(): void;
  stop(): Promise<void>;
}
export interface ControlOptions {
  readonly token: string;
  /** Asked for; when it is taken, another is used. */
  readonly port: number | null;
  /** Folder of the built interface; null when only the command line talks to this core. */
  readonly uiDir: string | null;
  attach(transport: Transport, role: Role): void;
}

const CSP = contentSecurityPolicy("'self' ws://127.0.0.1:*");
/** How long a socket may stay silent before it has to have sent its token, ms. */
const TOKEN_WAIT_MS = 5000;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * The interface's own server on 127.0.0.1: static files, and `/control`, a WebSocket that carries the contract. The first
 * message is the token (with ` approver` behind it for the narrower role); the answer `ready` opens it. Host and Origin
 * are checked on every request, against rebinding and foreign pages.
 */
export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void answer(request, response, options.uiDir, port);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const port = await listen(server, options.port);

  server.on('upgrade', (request, socket, head) => {
    if (!hostAllowed(request, port) || !originAllowed(request, port) || request.url !== '/control') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const timer = setTimeout(() => webSocket.close(4401, 'no token'), TOKEN_WAIT_MS);
      webSocket.on('error', () => webSocket.terminate());
      webSocket.once('message', (data) => {
        clearTimeout(timer);
        const [token = '', role = 'manager'] = String(data).split(' ');
        if (!sameToken(token, options.token) || (role !== 'manager' && role !== 'approver')) {
          webSocket.close(4401, 'wrong token');
          return;
        }
        webSocket.send('ready');
        options.attach(webSocketTransport(webSocket), role);
      });
      webSocket.once('close', () => clearTimeout(timer));
    });
  });

  return {
    port,
    leave() {
      server.close();
      server.closeIdleConnections();
    },
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => {
        // Also called back where it was left before.
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function listen(server: Server, wanted: number | null): Promise<number> {
  const tryPort = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await tryPort(wanted ?? 0);
  } catch (error) {
    if (wanted === null || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await tryPort(0);
  }
  return (server.address() as AddressInfo).port;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  uiDir: string | null,
  port: number,
): Promise<void> {
  const fail = (status: number, text: string): void => {
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    response.end(`${text}\n`);
  };
  if (!hostAllowed(request, port) || !originAllowed(request, port))
    return fail(403, 'Forbidden: wrong Host or Origin.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return fail(405, 'Only GET.');
  if (uiDir === null) return fail(404, 'This core shows its interface in the Drawbridge app.');
  let path: string;
  try {
    path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
  } catch {
    return fail(400, 'Bad path.');
  }
  const file = normalize(join(uiDir, path === '/' ? 'index.html' : path));
  const type = contentType(file);
  const info = type && file.startsWith(uiDir + sep) ? await stat(file).catch(() => undefined) : undefined;
  if (!type || !info?.isFile()) return fail(404, 'Not found.');
  response.writeHead(200, {
    'content-type': type,
    'content-length': info.size,
    'content-security-policy': CSP,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': file.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
}

function hostAllowed(request: IncomingMessage, port: number): boolean {
  return request.headers.host === `127.0.0.1:${port}` || request.headers.host === `localhost:${port}`;
}
function originAllowed(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  return (
    origin === undefined || origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`
  );
}
function sameToken(given: string, real: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(real));
}
