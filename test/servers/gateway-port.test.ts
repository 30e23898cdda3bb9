import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../kit/until.ts';
import { BEFORE, CODEX, CURSOR, DESKTOP, type PortScene, portScene } from './port-kit.ts';

/** A port that somebody takes between the choice and the listening, between two starts, or that a person changes. */

type MadeCore = Awaited<ReturnType<PortScene['make']>>;
const saved = (core: MadeCore): number => core.parts.settings.get().gatewayPort ?? 0;

/** A core that listens, with the three clients routed. */
async function routed() {
  const scene = portScene();
  for (const [place, text] of Object.entries(BEFORE)) scene.write(place, text);
  const core = await scene.make();
  await core.start(0);
  await core.call('clients.scan', {});
  const clients = ['cursor', 'claude-desktop', 'codex'];
  const results = await core.call('clients.apply', { clients, direction: 'connect' });
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
  return { scene, core };
}
const tokens = async (core: MadeCore): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      ['cursor', 'claude-desktop', 'codex', 'mine'].map(async (client) => [
        client,
        (await core.call('clients.token', { client })).token,
      ]),
    ),
  );
/** How the gateway answers a request for a server that is there, with this token. */
const statusAt = async (port: number, token: string): Promise<number> => {
  const url = `http://127.0.0.1:${port}/s/one/mcp`;
  return (await fetch(url, { method: 'PUT', headers: { Authorization: `Bearer ${token}` } })).status;
};
async function expectUndone(scene: PortScene, core: MadeCore): Promise<void> {
  const results = await core.call('clients.restoreAll', {});
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
  for (const [place, text] of Object.entries(BEFORE)) expect(scene.read(place)).toBe(text);
}

test('a port just chosen that is taken meanwhile gives way to another, which is kept', async () => {
  const scene = portScene();
  const core = await scene.make();
  const chosen = saved(core);
  await scene.take(chosen);
  const { gateway } = await core.start();
  expect(gateway).not.toBe(`http://127.0.0.1:${chosen}`);
  expect(gateway).toBe(`http://127.0.0.1:${saved(core)}`);
  expect((await core.call('core.state', {})).problems).toEqual([]);
});

test('a port that a person names at the start and that is taken is said, and nothing changes', async () => {
  const { scene, core } = await routed();
  const kept = saved(core);
  const before = scene.read(CURSOR);
  await core.stop();
  const taken = await scene.take(0);
  const again = await scene.make();
  await expect(again.start(taken)).rejects.toThrow(`Port ${taken} on 127.0.0.1 is taken`);
  expect(saved(again)).toBe(kept);
  expect(scene.read(CURSOR)).toBe(before);
});

describe('the saved port is taken by a stranger', () => {
  test('another is chosen, entries follow, tokens that may have gone there are renewed, undo is byte for byte', async () => {
    const { scene, core } = await routed();
    const old = saved(core);
    const before = Object.fromEntries(Object.keys(BEFORE).map((place) => [place, scene.read(place)]));
    const had = await tokens(core);
    await core.stop();
    await scene.take(old);

    const next = await scene.make();
    const { gateway } = await next.start();
    const port = saved(next);
    expect(port).not.toBe(old);
    expect(gateway).toBe(`http://127.0.0.1:${port}`);
    const has = await tokens(next);
    for (const place of [CURSOR, CODEX]) {
      const client = place === CURSOR ? 'cursor' : 'codex';
      expect(scene.read(place)).toBe(
        before[place]?.replaceAll(`:${old}/`, `:${port}/`).replaceAll(had[client] ?? '', has[client] ?? ''),
      );
      expect(await statusAt(port, had[client] ?? '')).toBe(401);
      expect(await statusAt(port, has[client] ?? '')).toBe(405);
    }
    // The bridge finds the core by itself and never calls the stranger.
    expect(scene.read(DESKTOP)).toBe(before[DESKTOP]);
    expect(has['claude-desktop']).toBe(had['claude-desktop']);
    expect(has.mine).not.toBe(had.mine);
    const { problems, clients } = await next.call('core.state', {});
    expect(problems).toContainEqual(
      expect.objectContaining({ id: 'gateway-port', title: `Port ${old} was taken by another program` }),
    );
    for (const id of ['cursor', 'claude-desktop', 'codex'])
      expect(clients.find((client) => client.id === id)).toMatchObject({ state: 'routed' });
    await expectUndone(scene, next);
  });

  test('what a killed process did not get to is brought there at the next start', async () => {
    const { scene, core } = await routed();
    const old = saved(core);
    await core.stop();
    // As a process leaves it that was killed between the new port and the files.
    const file = join(scene.dir, 'data', 'settings.json');
    const free = await scene.take(0);
    const doc = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...doc, gatewayPort: free }));
    const next = await scene.make();
    await next.start();
    await until(() => !scene.read(CURSOR).includes(`:${old}/`) && !scene.read(CODEX).includes(`:${old}/`));
    expect(scene.read(CURSOR)).toContain(`:${saved(next)}/`);
    await expectUndone(scene, next);
  });
});

describe('a person moves the gateway', () => {
  test('the plan shows each change; then the old port is left and the entries follow', async () => {
    const { scene, core } = await routed();
    const old = saved(core);
    const before = scene.read(CURSOR);
    const had = await tokens(core);
    const plan = await core.call('gateway.planMove', { port: null });
    expect(plan.from).toBe(old);
    expect(plan.plans.map(({ client }) => client).sort()).toEqual(['codex', 'cursor']);
    const diff = plan.plans.find(({ client }) => client === 'cursor')?.files[0]?.diff ?? '';
    expect(diff).toContain(`+`);
    expect(diff).toContain(`127.0.0.1:${plan.to}/s/one/mcp`);
    expect(diff).not.toContain(had.cursor);
    expect(scene.read(CURSOR)).toBe(before);

    const moved = await core.call('gateway.move', { port: plan.to });
    expect(moved).toMatchObject({ from: old, to: plan.to, byHand: ['mine'] });
    expect(moved.results.map(({ client, ok }) => [client, ok]).sort()).toEqual([
      ['codex', true],
      ['cursor', true],
    ]);
    const has = await tokens(core);
    expect(await statusAt(plan.to, has.cursor ?? '')).toBe(405);
    await expect(statusAt(old, has.cursor ?? '')).rejects.toThrow();
    expect(scene.read(CURSOR)).toBe(
      before.replaceAll(`:${old}/`, `:${plan.to}/`).replaceAll(had.cursor ?? '', has.cursor ?? ''),
    );
    await expectUndone(scene, core);
  });

  test('a port that is taken is refused, by the call, the setting and the file, and everything stays', async () => {
    const { scene, core } = await routed();
    const old = saved(core);
    const before = scene.read(CURSOR);
    const had = await tokens(core);
    const taken = await scene.take(0);
    const refused = { code: 'refused', message: expect.stringContaining(`Port ${taken}`) };
    await expect(core.call('gateway.planMove', { port: taken })).rejects.toMatchObject(refused);
    await expect(core.call('gateway.move', { port: taken })).rejects.toMatchObject(refused);
    await expect(
      core.call('settings.set', { key: 'gatewayPort', value: String(taken) }),
    ).rejects.toMatchObject(refused);
    const file = join(scene.dir, 'data', 'settings.json');
    const text = readFileSync(file, 'utf8').replace(`"gatewayPort": ${old}`, `"gatewayPort": ${taken}`);
    writeFileSync(file, text);
    await until('the problem with the port', async () =>
      (await core.call('core.state', {})).problems.some(({ id }) => id === 'gateway-port-setting'),
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(await statusAt(old, had.cursor ?? '')).toBe(405);
    expect(scene.read(CURSOR)).toBe(before);
  });

  test('an entry that was changed by hand is left, and named', async () => {
    const { scene, core } = await routed();
    scene.write(CURSOR, scene.read(CURSOR).replace('"Authorization"', '"X-Mine": "1", "Authorization"'));
    const plan = await core.call('gateway.planMove', { port: null });
    const cursor = plan.plans.find(({ client }) => client === 'cursor');
    expect(cursor?.warnings.join()).toContain('was changed by hand');
    const text = scene.read(CURSOR);
    await core.call('gateway.move', { port: plan.to });
    const [first] = text.split('"two"');
    expect(scene.read(CURSOR).split('"two"')[0]).toBe(first);
  });

  test('a core that does not listen moves it as well', async () => {
    const { scene, core } = await routed();
    const old = saved(core);
    await core.stop();
    const command = await scene.make();
    const { to } = await command.call('gateway.planMove', { port: null });
    const { results } = await command.call('gateway.move', { port: to });
    expect(results).toHaveLength(2);
    expect(scene.read(CURSOR)).toContain(`:${to}/`);
    expect(scene.read(CURSOR)).not.toContain(`:${old}/`);
    await expectUndone(scene, command);
  });
});

test('the file of settings moves the gateway while it runs', async () => {
  const { scene, core } = await routed();
  const { to } = await core.call('gateway.planMove', { port: null });
  const file = join(scene.dir, 'data', 'settings.json');
  const text = readFileSync(file, 'utf8').replace(/"gatewayPort": \d+/, `"gatewayPort": ${to}`);
  writeFileSync(file, text);
  await until(() => scene.read(CURSOR).includes(`:${to}/`) && scene.read(CODEX).includes(`:${to}/`));
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(await statusAt(to, (await tokens(core)).cursor ?? '')).toBe(405);
});
