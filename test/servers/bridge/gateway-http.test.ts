import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ask, bodyOf, GatewayGone } from '../../../main/host/bridge/gateway-http.ts';

test('after a connection broke, nothing is sent on another one that was kept', async () => {
  const sockets: Socket[] = [];
  let broken = false;
  const server = createServer((request, response) => {
    if (request.url === '/break') broken = true;
    if (broken) request.socket.destroy();
    else setTimeout(() => response.end('ok'), 50);
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const get = (path: string) =>
    ask({
      method: 'GET',
      url: `http://127.0.0.1:${port}${path}`,
      headers: {},
      signal: AbortSignal.timeout(60_000),
    });

  // Two at once: both connections are kept.
  await Promise.all([get('/a').then(bodyOf), get('/b').then(bodyOf)]);
  expect(sockets).toHaveLength(2);
  await expect(get('/break')).rejects.toMatchObject({ sent: true });
  // Nobody listens any more; only the kept connection is still there.
  server.close();
  const next = await get('/c').catch((error: unknown) => error);
  expect(next).toBeInstanceOf(GatewayGone);
  expect(next).toMatchObject({ sent: false });
});
