// @module-tag slow
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../../main/core/ports.ts';
import { openPins, WHOLE, withValue } from './helpers.ts';

/** A process that dies in the middle of writing a listing or an acceptance leaves all of it, or nothing. */

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pins-crash-'));
  path = join(dir, 'state.db');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const FIRST = [WHOLE, { ...WHOLE, name: 'second' }, { ...WHOLE, name: 'gone' }];
const LOWER = withValue(WHOLE, 'annotations.readOnlyHint', true);
const NEXT = [LOWER, { ...LOWER, name: 'second' }, { ...WHOLE, name: 'new' }];

/** Does one thing, and is gone before the write with this number. Says how many there were if it gets to the end. */
const CHILD = `
  import { readFileSync } from 'node:fs';
  import { DatabaseSync } from 'node:sqlite';
  import { openPins } from '${join(import.meta.dirname, 'helpers.ts')}';
  const [path, tools, what, last] = process.argv.slice(2);
  const real = new DatabaseSync(path);
  let writes = -Infinity;
  const counted = (run) => (...given) => {
    if (++writes === Number(last)) process.kill(process.pid, 'SIGKILL');
    return run(...given);
  };
  const database = {
    exec: counted((sql) => real.exec(sql)),
    prepare(sql) {
      const statement = real.prepare(sql);
      return {
        run: counted((...given) => statement.run(...given)),
        get: (...given) => statement.get(...given),
        all: (...given) => statement.all(...given),
      };
    },
  };
  const { list, pins, hash } = openPins(database);
  pins.view('s', 'second');
  writes = 0;
  if (what === 'see') list(...JSON.parse(readFileSync(tools, 'utf8')));
  else pins.accept('s', 'second', hash('second'));
  process.stdout.write(String(writes));
`;

function opened(file: string) {
  const database = new DatabaseSync(file);
  const kept = openPins(database as unknown as Database);
  const seen = FIRST.concat(NEXT.slice(2)).map(({ name }) => {
    const view = kept.pins.view('s', String(name));
    return [name, view?.state, view?.versions, kept.rule(String(name))];
  });
  return { ...kept, seen, close: () => database.close() };
}

test.each(['see', 'accept'])('%s, killed at its writes', async (what) => {
  const script = join(dir, 'child.mjs');
  const tools = join(dir, 'tools.json');
  writeFileSync(script, CHILD);
  writeFileSync(tools, JSON.stringify(NEXT));
  const first = opened(path);
  first.list(...FIRST);
  if (what === 'accept') first.list(...NEXT);
  first.close();
  const { seen: before, close } = opened(path);
  close();
  /** What is there after the process was killed before the write with this number, on a copy. */
  const after = async (last: number) => {
    const copy = join(mkdtempSync(join(dir, 'copy-')), 'state.db');
    copyFileSync(path, copy);
    const child = spawn(process.execPath, ['--no-warnings', script, copy, tools, what, String(last)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.on('data', (part: Buffer) => {
      told += part.toString();
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { signal, told, ...opened(copy) };
  };

  const whole = await after(0);
  whole.close();
  expect(whole.signal).toBeNull();
  expect(whole.seen).not.toEqual(before);
  if (what === 'accept') expect(whole.state('second')).toBe('reviewed');
  else
    expect(whole.seen).toEqual([
      ['delete_file', 'blocked', 2, 'pin:changed'],
      ['second', 'blocked', 2, 'pin:changed'],
      ['gone', 'first-seen', 1, undefined],
      ['new', 'new', 1, undefined],
    ]);
  const total = Number(whole.told);
  expect(total).toBeGreaterThan(3);
  // The list itself is written behind the pins, on its own.
  const commit = what === 'see' ? total - 1 : total;
  const points = new Set([2, Math.ceil(commit / 2), commit]);
  const killed = await Promise.all([...points].map(after));
  for (const { signal, seen, close } of killed) {
    close();
    expect(signal).toBe('SIGKILL');
    expect(seen).toEqual(before);
  }
  if (what === 'accept') return;
  const between = await after(total);
  expect(between.signal).toBe('SIGKILL');
  // The old list is there, under the new judgement; listed again, it is as if nothing had happened.
  expect(between.seen).toEqual(whole.seen);
  expect(between.catalogue.list('s')?.map(({ name }) => name)).toEqual(FIRST.map(({ name }) => name));
  expect(between.rule('delete_file')).toBe('pin:changed');
  between.list(...NEXT);
  expect(between.rule('delete_file')).toBe('pin:changed');
  expect(between.catalogue.list('s')?.map(({ name }) => name)).toEqual(NEXT.map(({ name }) => name));
  between.close();
});
