// @module-tag slow
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawClient } from '../fakes/raw-client.ts';
import { SkippingClock } from '../fakes/skipping-clock.ts';
import { type Listed, Place, WholeCore } from './whole-core.ts';

/** Real servers that run only while they are used. */

const TOOLS: Listed[] = [{ name: 'look', description: 'Looks', inputSchema: { type: 'object' } }];
const SERVERS = Array.from({ length: 10 }, (_, n) => `s${n}`);
const CLIENTS = ['cursor', 'claude-code', 'codex', 'vscode', 'windsurf', 'zed'];

let place: Place;
let clock: SkippingClock;
let whole: WholeCore;
beforeEach(async () => {
  place = new Place();
  clock = new SkippingClock();
  whole = await WholeCore.start(place, clock);
  for (const name of SERVERS) {
    await whole.call('servers.add', { name, config: place.server(name, TOOLS) });
    await whole.call('servers.setStart', { name, start: 'used' });
  }
});
afterEach(async () => {
  await whole.stop();
  place.clear();
});
const running = (): number => whole.state.servers.reduce((sum, { connections }) => sum + connections, 0);
const sees = (connections: number) => whole.sees(() => running() === connections);
/** How often any of the servers was greeted. */
const greetings = (): number =>
  SERVERS.map((name) => join(place.dir, `${name}.received`))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line.includes('"method":"initialize"')).length;
const end = (client: RawClient) =>
  fetch(client.url, {
    method: 'DELETE',
    headers: {
      authorization: client.headers.authorization as string,
      'mcp-session-id': client.session as string,
    },
  });
async function begin(client: string, server: string): Promise<{ client: RawClient; lists: string }> {
  const raw = await whole.connect(client, server);
  const { body } = await raw.request('tools/list');
  return { client: raw, lists: body };
}

describe('six clients and ten servers', () => {
  test('nothing runs after initialize and lists, one call starts one, and a minute after the last session nothing runs', async () => {
    const cold = await Promise.all(SERVERS.map((server) => begin('cursor', server)));
    await sees(10);
    for (const { client } of cold) await end(client);
    await sees(0);

    const warm = await Promise.all(
      CLIENTS.flatMap((client) => SERVERS.map((server) => begin(client, server))),
    );
    expect(new Set(warm.map(({ lists }) => lists))).toEqual(new Set(cold.map(({ lists }) => lists)));
    expect(greetings()).toBe(10);
    expect(running()).toBe(0);

    const answer = await warm[0]?.client.call('look', { at: 1 });
    expect(answer?.last.result).toBeDefined();
    expect(place.ran('s0')).toEqual([{ at: 1 }]);
    expect(greetings()).toBe(11);
    await sees(1);
    for (const { client } of warm) await end(client);
    await sees(0);
  });

  test('the joined address as well, and after a restart of the core', async () => {
    const first = await begin('cursor', 's0');
    await end(first.client);
    for (const server of SERVERS.slice(1)) await end((await begin('cursor', server)).client);
    await whole.stop();
    whole = await WholeCore.start(place, clock);
    const { token } = await whole.call('clients.token', { client: 'cursor' });
    const joined = new RawClient(`${whole.gateway}/mcp`);
    joined.headers.authorization = `Bearer ${token}`;
    await joined.initialize();
    const list = await joined.request('tools/list');
    const tools = (list.last.result as unknown as { tools: { name: string }[] }).tools.map(
      ({ name }) => name,
    );
    expect(tools).toHaveLength(10);
    expect(greetings()).toBe(10);
    await joined.call(tools[0] as string);
    await sees(1);
  });

  test('a server whose command is another one is started, and so is one that starts with its client', async () => {
    await end((await begin('cursor', 's0')).client);
    await sees(0);
    place.server('s0', [...TOOLS, { ...TOOLS[0], name: 'other' } as Listed]);
    const { client, lists } = await begin('cursor', 's0');
    expect(lists).toContain('other');
    await sees(1);
    await end(client);
    await sees(0);
    await whole.call('servers.setStart', { name: 's0', start: 'client' });
    await begin('cursor', 's0');
    await sees(1);
  });
});

test('only what is started can be started later', async () => {
  await whole.call('servers.add', {
    name: 'web',
    config: { kind: 'http', url: 'http://127.0.0.1:9/mcp', headers: {} },
  });
  await expect(whole.call('servers.setStart', { name: 'web', start: 'used' })).rejects.toThrow('over HTTP');
});
