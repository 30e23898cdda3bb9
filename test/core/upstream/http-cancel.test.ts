import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { type HttpUpstream, httpUpstream, openSse } from '../../fakes/http-upstream.ts';
import { deps, FakeClock, message, request, until } from './helpers.ts';

let server: HttpUpstream | undefined;
afterEach(async () => {
  await server?.close();
});

test('the stream of a cancelled request is let go, when the server had its time to end it', async () => {
  const clock = new FakeClock();
  let stream: ServerResponse | undefined;
  server = await httpUpstream((call, response) => {
    if (call.message.id === undefined) response.writeHead(202).end();
    else {
      stream = response;
      openSse(response);
      response.write(': it has begun\n\n');
    }
  });
  const upstreams = createUpstreams({
    ...deps({ servers: { x: { kind: 'http', url: server.url, headers: {} } } }),
    ports: { ...deps({ servers: {} }).ports, clock },
  });
  const connection = await upstreams.connect('x');
  const got: unknown[] = [];
  connection.onMessage((each) => void got.push(each));
  const sent = connection.send(request(1, 'tools/call'));
  await until('the stream', () => stream !== undefined);
  await connection.send({
    ...message({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }),
    cancels: '1',
  });
  clock.advance(4900);
  await new Promise((done) => setTimeout(done, 20));
  expect(stream?.destroyed).toBe(false);
  clock.advance(200);
  await sent;
  await until('the end of the stream', () => stream?.destroyed === true);
  expect(got).toEqual([]);
  expect(server.calls.map(({ method }) => method)).toEqual(['POST', 'POST']);
  const stopped = upstreams.stop();
  clock.advance(10_000);
  await stopped;
});
