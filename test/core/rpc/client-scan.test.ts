import { expect, test } from 'vitest';
import { createClientScan } from '../../../main/core/rpc/client-scan.ts';
import type { ClientResult, ClientView } from '../../../shared/schemas/client.ts';

const view = (id: string): ClientView => ({
  id,
  name: id,
  installed: true,
  files: [],
  entries: [],
  state: 'direct',
  restart: '',
  lastHandshake: null,
  byHand: null,
  running: null,
  restartNeeded: false,
});
const kept: ClientResult = {
  client: 'cursor',
  name: 'Cursor',
  ok: true,
  message: 'put back',
  routed: ['a'],
  restored: [],
  restart: null,
};

/** A scan over a script of what each look finds; `log` has what happened, in order. */
function scanOf(found: readonly (ClientView[] | Error)[], corrected: readonly ClientResult[][] = []) {
  const log: string[] = [];
  const life = { listening: false, stopping: false };
  let looks = 0;
  let corrections = 0;
  const scan = createClientScan({
    life,
    audit: { note: (event) => void log.push(`note ${event}`) },
    found: () => void log.push('found'),
    clients: {
      scan: async () => {
        log.push('look');
        const result = found[looks++];
        if (result === undefined) throw new Error('one look too many');
        if (result instanceof Error) throw result;
        return result;
      },
      keepUp: async () => {
        log.push('keep up');
        return corrected[corrections++] ?? [];
      },
    },
  });
  return { scan, life, log, ids: () => scan.views.map(({ id }) => id) };
}

test('what a look finds is there after it, and is told', async () => {
  const { scan, log, ids } = scanOf([[view('cursor')]]);
  expect(ids()).toEqual([]);
  await scan.again();
  expect([ids(), log]).toEqual([['cursor'], ['look', 'found']]);
});

test('a core that listens corrects entries that a client dropped, notes it, and looks once more', async () => {
  const { scan, life, log, ids } = scanOf([[view('before')], [view('after')]], [[kept]]);
  life.listening = true;
  await scan.again();
  expect(log).toEqual(['look', 'keep up', 'note client-kept-up', 'look', 'found']);
  expect(ids()).toEqual(['after']);
});

test('looks run one after the other', async () => {
  const { scan, log } = scanOf([[], []]);
  await Promise.all([scan.again(), scan.again()]);
  expect(log).toEqual(['look', 'found', 'look', 'found']);
});

test('a look that fails rejects for its caller, and the next one runs', async () => {
  const { scan, ids } = scanOf([new Error('no such disk'), [view('cursor')]]);
  const first = scan.again();
  const second = scan.again();
  await expect(first).rejects.toThrow('no such disk');
  await second;
  expect(ids()).toEqual(['cursor']);
});

test('a core that stops waits for the look under way, and begins none', async () => {
  const { scan, life, log } = scanOf([[]]);
  const underWay = scan.again();
  const late = scan.again();
  await underWay;
  life.stopping = true;
  await scan.settled();
  await late;
  expect(log).toEqual(['look', 'found']);
});
