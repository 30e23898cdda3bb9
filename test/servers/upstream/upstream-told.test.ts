import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../../main/core/ports.ts';
import { systemClock } from '../../../main/host/node/node-ports.ts';
import { until } from '../../core/upstream/helpers.ts';
import { startFaultServer } from '../../fixtures/servers/faults/http-server.ts';
import { Place, WholeCore } from '../whole-core.ts';

/** What a whole core tells people of servers that are not as they should be. */

let place: Place;
let whole: WholeCore;
let later = 0;
const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
beforeEach(async () => {
  later = 0;
  place = new Place();
  whole = await WholeCore.start(place, clock);
});
afterEach(async () => {
  await whole.stop();
  place.clear();
});

test('a header that cannot be sent is refused when it is entered, without its value', async () => {
  const config = {
    kind: 'http',
    url: 'https://x.example/mcp',
    headers: { 'X-Api-Key': 'sk-“canary”' },
  } as const;
  const refused = whole.call('servers.add', { name: 'x', config });
  await expect(refused).rejects.toThrow(
    'The value of the header X-Api-Key holds a character that no header may have',
  );
  await expect(refused).rejects.not.toThrow('canary');
  expect(whole.state.servers).toEqual([]);
});

test('a server that does not answer is marked by doctor, with what it wrote last', async () => {
  const code = `console.log('Listening.'); setInterval(() => {}, 1000)`;
  const config = { command: process.execPath, args: ['-e', code], env: {} };
  await whole.call('servers.add', { name: 'x', config: { kind: 'stdio', ...config } });
  const listing = whole.call('servers.refresh', { name: 'x' }).catch(() => undefined);
  await whole.sees(({ servers }) => servers[0]?.status === 'starting');
  await until('its output', async (see) =>
    see(await whole.call('servers.logs', { name: 'x' })).some(({ line }) => line === 'Listening.'),
  );
  const check = async () =>
    (await whole.call('doctor', {})).find(({ name }: { name: string }) => name === 'server x');
  expect(await check()).toMatchObject({ ok: true });
  later = 75_000;
  expect(await check()).toMatchObject({
    ok: false,
    detail:
      'starting: It has not answered initialize for 1 minute. It wrote to its standard output what is no message: "Listening.".',
    fix: 'See its log.',
  });
  await whole.call('servers.remove', { name: 'x' });
  await listing;
});

test('a list that ends in a strange way is there, with a line in the log', async () => {
  const server = await startFaultServer('cursor-empty');
  try {
    await whole.call('servers.add', { name: 'x', config: { kind: 'http', url: server.url, headers: {} } });
    expect(await whole.call('servers.refresh', { name: 'x' })).toHaveLength(1);
    const client = await whole.connect('cursor', 'x');
    await client.call('echo', {});
    await client.call('echo', {});
    expect(server.methods.filter((method) => method === 'tools/list').length).toBeLessThanOrEqual(2);
    const log = await whole.call('servers.logs', { name: 'x' });
    expect(log.map(({ line }: { line: string }) => line).join('\n')).toContain('the nextCursor ""');
  } finally {
    await server.stop();
  }
});
