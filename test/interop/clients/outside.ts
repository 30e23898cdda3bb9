import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Outside {
  /** Tells a program that it reaches everything but this machine through a proxy of ours. */
  readonly env: NodeJS.ProcessEnv;
  /** Hosts a program asked for, each once. None was reached. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/** A proxy that leads nowhere: it notes who asked for which host and refuses. */
export async function nothingOutside(): Promise<Outside> {
  const hosts = new Set<string>();
  const server = createServer((request, response) => {
    hosts.add(new URL(request.url ?? '', 'http://unknown').host);
    response.writeHead(502).end('Nothing leaves this machine here.');
  });
  server.on('connect', (request, socket) => {
    hosts.add(request.url ?? 'unknown');
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 502 Nothing leaves this machine here\r\n\r\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const own = '127.0.0.1,localhost';
  return {
    env: {
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      ALL_PROXY: proxy,
      NO_PROXY: own,
      http_proxy: proxy,
      https_proxy: proxy,
      all_proxy: proxy,
      no_proxy: own,
    },
    asked: () => [...hosts].sort(),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
