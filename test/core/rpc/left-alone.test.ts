import { describe, expect, test } from 'vitest';
import type { CoreOptions } from '../../../main/core/parts.ts';
import { clientHandlers } from '../../../main/core/rpc/handlers/clients.ts';
import { slices } from '../../../main/core/rpc/slices.ts';
import { createSettings } from '../../../main/core/settings/index.ts';
import { contract } from '../../../shared/contract.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { client } from '../../fakes/ui/ui-data.ts';
import { dataFolder, files } from '../settings/helpers.ts';

const cursor = client('cursor', 'Cursor', ['linear', 'notion']);
const call = contract.calls['clients.leaveAlone'];
const context = { signal: new AbortController().signal, role: 'manager' };

/** The parts that leaving alone needs, over real settings on disk. */
async function open(dir = dataFolder()) {
  const settings = await createSettings({ files, dir, clock: new FakeClock(0), log: () => undefined });
  const notes: unknown[] = [];
  const parts = {
    settings,
    clientScan: { views: [cursor], again: () => Promise.reject(new Error('not wanted here')) },
    handshakes: { last: () => null },
    audit: { note: (what: string, detail: object) => notes.push([what, detail]) },
  } as unknown as Parameters<typeof clientHandlers>[0];
  const options = {} as Parameters<typeof slices>[1];
  const leave = (names: string[], how: object = {}) => {
    const entries = cursor.entries
      .filter(({ name }) => names.includes(name))
      .map(({ file, project, name, target }) => ({ client: 'cursor', file, project, name, target }));
    return clientHandlers(parts, {} as CoreOptions)['clients.leaveAlone'](
      call.input.parse({ entries, ...how }),
      context,
    );
  };
  const told = () =>
    slices(() => parts, options)
      .clients()
      .flatMap(({ entries }) => entries.filter(({ leftAlone }) => leftAlone).map(({ name }) => name));
  return { dir, parts, notes, leave, told };
}

describe('clients.leaveAlone', () => {
  test('is told in the state, kept over a restart, and taken back', async () => {
    const first = await open();
    expect(first.told()).toEqual([]);
    await first.leave(['linear', 'notion']);
    expect(first.told()).toEqual(['linear', 'notion']);
    const second = await open(first.dir);
    expect(second.told()).toEqual(['linear', 'notion']);
    await second.leave(['linear'], { leave: false });
    expect(second.told()).toEqual(['notion']);
    expect(first.notes).toEqual([['client-left-alone', { client: 'cursor', servers: ['linear', 'notion'] }]]);
    expect(second.notes).toEqual([['client-offered-again', { client: 'cursor', servers: ['linear'] }]]);
  });

  test('refuses a client that is not known, and keeps nothing of it', async () => {
    const { parts } = await open();
    const entries = [{ client: 'nobody', file: '/f', project: null, name: 'a', target: 't' }];
    await expect(
      clientHandlers(parts, {} as CoreOptions)['clients.leaveAlone']({ entries, leave: true }, context),
    ).rejects.toThrow(RpcError);
    expect(parts.settings.get().leftAlone).toEqual([]);
  });

  test('is the manager’s, like every call that routes', () => {
    expect(call.roles).toEqual(contract.calls['clients.apply'].roles);
    expect(call.input.safeParse({ entries: [] }).success).toBe(false);
  });
});
