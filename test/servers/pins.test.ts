import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../fakes/raw-client.ts';
import { type Listed, Place, WholeCore } from './whole-core.ts';

/** A whole core before a real server that changes a definition: state, problems, clients, prompts, modes, audit. */

const place = new Place();
let whole: WholeCore;
beforeAll(async () => {
  whole = await WholeCore.start(place);
});
afterAll(async () => {
  await whole.stop();
  place.clear();
});

const tool = (more: object = {}): Listed => ({
  name: 'delete_file',
  description: 'Delete a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, additionalProperties: false },
  ...more,
});
const HIDDEN = tool({ description: 'Delete a file.\u200b' });
const LOWER = tool({ annotations: { readOnlyHint: true } });
const refreshed = async (definition: Listed) => {
  place.server('files', [definition]);
  return (await whole.call('servers.refresh', { name: 'files' }))[0]?.pin;
};

test('a changed definition reaches everything that must know', async () => {
  await whole.addWithRecommended('files', place.server('files', [tool()]));
  const client = await whole.connect('cursor', 'files');
  const names = async () => (await client.request('tools/list')).last.result?.tools?.map(({ name }) => name);
  expect(await names()).toEqual(['delete_file']);
  const stream = client.get();
  await stream.head;

  // A prompt for the old definition is open.
  const held = client.openCall(7, 'delete_file', { path: 'a' });
  await whole.sees(({ approvals }) => approvals.length === 1);

  expect(await refreshed(LOWER)).toMatchObject({ state: 'blocked', versions: 2 });
  const answer = JSON.stringify((await held.done).messages);
  expect(answer).toMatch(/waits for review|changed the definition/);
  await whole.sees(({ approvals }) => approvals.length === 0);
  await until(() => stream.text().includes('list_changed'));
  await whole.sees(({ servers }) => servers[0]?.blockedTools === 1);
  await whole.sees(({ problems }) =>
    problems.some(({ title }) => title === '1 tool of files changed and waits for your review'),
  );
  expect(place.ran('files')).toEqual([]);

  // Observing tries a policy out and lets no changed definition through; letting everything through does, but for hidden text.
  await whole.call('mode.set', { mode: 'observe' });
  const call = async () => JSON.stringify((await client.call('delete_file', { path: 'b' })).last);
  expect(await call()).toContain('pin:changed');
  await whole.call('mode.set', { mode: 'bypass' });
  expect(await call()).not.toContain('pin:');
  expect(place.ran('files')).toHaveLength(1);
  expect(await refreshed(HIDDEN)).toMatchObject({ state: 'blocked' });
  expect(await call()).toContain('pin:hidden-text');
  expect(place.ran('files')).toHaveLength(1);
  await whole.call('mode.set', { mode: 'enforce' });

  const { pin, review } = await whole.call('pins.history', { server: 'files', tool: 'delete_file' });
  expect(review).toMatchObject({ direction: 'blocks', kinds: ['hidden-text'] });
  await expect(
    whole.call('pins.accept', { server: 'files', tool: 'delete_file', hash: 'other' }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await whole.call('pins.accept', { server: 'files', tool: 'delete_file', hash: pin.hash });
  await whole.sees(
    ({ servers, problems }) =>
      servers[0]?.blockedTools === 0 && problems.every(({ id }) => id !== 'pins:files'),
  );
  await whole.call('pins.release', { server: 'files' });
  await expect(whole.call('pins.history', { server: 'none', tool: 'x' })).rejects.toMatchObject({
    code: 'not_found',
  });
  stream.request.destroy();
}, 30_000);

test('another program behind the same name is measured against what the one before it listed', async () => {
  await whole.addWithRecommended('swapped', place.server('swapped', [tool()]));
  const client = await whole.connect('cursor', 'swapped');
  const [first] = await whole.call('servers.tools', { name: 'swapped' });
  expect(first?.pin.state).toBe('first-seen');
  // Another program with another environment: all that is left is the name.
  const { servers, upstreams } = whole.core.parts;
  await servers.put('swapped', place.server('other', [LOWER]));
  await upstreams.reset('swapped');
  const [now] = await whole.call('servers.refresh', { name: 'swapped' });
  expect(now?.pin).toMatchObject({ state: 'blocked', versions: 2 });
  const answer = JSON.stringify((await client.call('delete_file', { path: 'a' })).last);
  expect(answer).toContain('pin:changed');
  // Also over a connection of its own, and after a restart of the whole core.
  const fresh = await whole.connect('codex', 'swapped');
  const { tools } = (await fresh.request('tools/list')).last.result ?? {};
  expect(tools).toEqual([]);
  const { dir } = place;
  await whole.stop();
  whole = await WholeCore.start(new Place(dir));
  const [kept] = await whole.call('servers.tools', { name: 'swapped' });
  expect(kept?.pin).toMatchObject({ state: 'blocked', versions: 2 });
}, 30_000);
