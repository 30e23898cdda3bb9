// @module-tag slow
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import { ourText } from '../../../../main/core/clients/entries/our-entry.ts';
import { routedTo } from '../../../../main/core/clients/entries/routed-to.ts';
import { reachingFields } from '../../../../main/core/clients/entries/shapes.ts';
import type { Doc, Edit, FormatDriver } from '../../../../main/core/clients/formats/types.ts';
import { splice } from '../../../../main/core/clients/formats/types.ts';
import { type ClientRow, clientRow } from '../../../../main/core/clients/table/index.ts';
import { BRIDGE, GATEWAY } from '../kit.ts';
import { CLOSE, Dice, OPEN, type RandomFile } from './random/dice.ts';
import { randomJson, strictJson } from './random/json.ts';
import { randomToml } from './random/toml.ts';
import { randomYaml } from './random/yaml.ts';

/**
 * Random files of clients, routed and undone entry by entry. `npm test` takes the same few hundred each time,
 * DRAWBRIDGE_NIGHTLY=1 takes 24 000 others; DRAWBRIDGE_FUZZ_SEED repeats a run.
 */
const nightly = process.env.DRAWBRIDGE_NIGHTLY === '1';
const seed = Number(process.env.DRAWBRIDGE_FUZZ_SEED ?? (nightly ? Date.now() % 2 ** 31 : 20_261_121));
const COUNT = nightly ? 6000 : 100;
/** In the long form, one file in so many has 5 MB more. */
const HUGE = 1500;
const FIVE_MB = 5_000_000;

interface Kind {
  readonly name: string;
  readonly client: string;
  random(dice: Dice, map: string, padding: number): RandomFile;
  /** Readers that have nothing to do with the driver, strict and lenient. */
  readonly readers: readonly ((text: string) => unknown)[];
  /** As a client would write the whole file again. */
  rewrite?(value: unknown): string;
}

const KINDS: readonly Kind[] = [
  {
    name: 'json',
    client: 'cursor',
    random: randomJson,
    readers: [(text) => JSON.parse(strictJson(text)) as unknown, (text) => lenient(text)],
    rewrite: (value) => JSON.stringify(value, null, 4),
  },
  {
    name: 'toml',
    client: 'codex',
    random: randomToml,
    readers: [(text) => void parseTOML(text.replace(/^\uFEFF/, ''), { tomlVersion: '1.0' })],
  },
  {
    name: 'yaml',
    client: 'goose',
    random: (dice, map, padding) => randomYaml(dice, map, false, padding),
    readers: [(text) => parseYaml(text) as unknown],
    rewrite: (value) => stringifyYaml(value, { indentSeq: false }),
  },
  {
    name: 'yamlList',
    client: 'continue',
    random: (dice, map, padding) => randomYaml(dice, map, true, padding),
    readers: [(text) => parseYaml(text) as unknown],
    rewrite: (value) => stringifyYaml(value, { indentSeq: true }),
  },
];

function lenient(text: string): unknown {
  const errors: [] = [];
  const value = parseJsonc(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true }) as unknown;
  expect(errors).toEqual([]);
  return value;
}

interface Case {
  readonly format: string;
  readonly before: string;
  readonly after: string;
  readonly paths: RandomFile['paths'];
}

describe.each(KINDS)('random files in $name', (kind) => {
  const row = clientRow(kind.client) as ClientRow;
  const map = row.maps[0]?.[0] as string;
  const cases: Case[] = [];
  const small: Case[] = [];

  test('everything outside the entries stays, every reader reads the result, undo gives the original', {
    timeout: nightly ? 3_600_000 : 60_000,
  }, () => {
    const began = performance.now();
    let entries = 0;
    let huge = 0;
    for (let i = 0; i < COUNT; i++) {
      const dice = new Dice(seed + i * 4 + KINDS.indexOf(kind));
      const padding = nightly && i % HUGE === HUGE - 1 ? FIVE_MB : 0;
      if (padding > 0) huge++;
      const file = kind.random(dice, map, padding);
      const text = file.marked.replaceAll(OPEN, '').replaceAll(CLOSE, '');
      try {
        const after = routeAndUndo(kind, row, dice, file, text);
        const done = { format: kind.name, before: text, after, paths: file.paths };
        cases.push(done);
        if (padding === 0) small.push(done);
      } catch (error) {
        console.error(
          `file ${i} of seed ${seed}:\n${JSON.stringify(text.slice(0, 5000))}\n${text.slice(0, 5000)}`,
        );
        throw error;
      }
      entries += file.paths.length;
    }
    expect(entries).toBeGreaterThan(COUNT);
    if (nightly)
      console.log(
        `${COUNT} files in ${kind.name}, ${huge} of them of 5 MB, ${entries} entries, ${Math.round((performance.now() - began) / 1000)} s; DRAWBRIDGE_FUZZ_SEED=${seed}`,
      );
  });

  test.skipIf(kind.name === 'json')(
    'the readers of another language agree',
    { timeout: nightly ? 3_600_000 : 60_000 },
    ({ skip }) => {
      const python = spawnSync('python3', [join(import.meta.dirname, 'random/readers.py')], {
        input: small.map((each) => `${JSON.stringify(each)}\n`).join(''),
        encoding: 'utf8',
        maxBuffer: 1e9,
      });
      if (python.error || python.status !== 0) {
        console.warn(
          `Python 3.11 is not here, so ${kind.name} was read by one reader only. ${python.stderr ?? ''}`,
        );
        skip();
      }
      const answers = python.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map(
          (line) => JSON.parse(line) as { problem: string | null; entries: Record<string, unknown>[] | null },
        );
      expect(answers.length).toBe(small.length);
      let read = 0;
      for (const [i, answer] of answers.entries()) {
        const { before, after } = small[i] as Case;
        expect(answer.problem, `${JSON.stringify(before)}\n${before}\n---------\n${after}`).toBeNull();
        for (const entry of answer.entries ?? []) expect(routedTo(entry, row.dialect)).toBeDefined();
        if (answer.entries) read++;
      }
      if (read === 0) {
        console.warn('PyYAML is not here, so YAML was read by one reader only.');
        skip();
      }
      expect(read).toBeGreaterThan(small.length * 0.5);
    },
  );
});

/** The text after routing. */
function routeAndUndo(kind: Kind, row: ClientRow, dice: Dice, file: RandomFile, text: string): string {
  const { format, dialect, strictness } = row;
  const doc = read(format, text);
  const map = row.maps[0] as readonly string[];
  expect(doc.keys(map).sort()).toEqual(file.paths.map((path) => path[1] as string).sort());
  const outside = file.marked.split(new RegExp(`${OPEN}[^${CLOSE}]*${CLOSE}`));
  const inside = [...file.marked.matchAll(new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}`, 'g'))].map(
    ([, own]) => own as string,
  );

  const located = file.paths.map((path) => {
    const at = doc.find(path);
    if (!at) throw new Error(`${path.join('.')} was not found`);
    expect(at.problem).toBeUndefined();
    return at;
  });
  expect(located.map((at) => at.text)).toEqual(inside);
  for (const at of located) {
    expect(text.slice(at.start, at.end)).toBe(at.text);
    expect(format.entry(at.text)?.value).toEqual(at.value);
  }
  const reach = { gatewayUrl: () => GATEWAY, bridge: BRIDGE, dataDir: '/data' };
  const ours = located.map((at) => ourText(doc, at, { dialect, server: 'server', reach })('db_token'));
  const after = outside.map((part, i) => part + (ours[i] ?? '')).join('');
  expect(
    splice(
      text,
      located.map((at, i): Edit => ({ start: at.start, end: at.end, text: ours[i] ?? '' })),
    ),
  ).toBe(after);

  const changed = read(format, after);
  expect(changed.keys(map).sort()).toEqual(doc.keys(map).sort());
  for (const [i, at] of located.entries()) {
    const now = changed.find(at.path);
    expect(now?.text).toBe(ours[i]);
    expect(routedTo(now?.value, dialect)).toBe('server');
    const kept = (value: unknown) =>
      Object.fromEntries(
        Object.entries(value as object).filter(([key]) => !reachingFields(dialect.shape).includes(key)),
      );
    expect(kept(now?.value)).toEqual(kept(at.value));
    // In JSON what stands before it on its line may have been an entry.
    if (kind.name !== 'json') expect(now && changed.layout(now)).toBe(doc.layout(at));
  }
  for (const reader of kind.readers) {
    const before = reader(text);
    if (before !== undefined) expect(without(reader(after), file.paths)).toEqual(without(before, file.paths));
    else reader(after);
  }

  // Undone one by one, in any order.
  let undone = after;
  for (const at of dice.shuffled(located)) {
    const now = read(format, undone).find(at.path);
    if (!now) throw new Error(`${at.path.join('.')} was lost`);
    undone = splice(undone, [{ start: now.start, end: now.end, text: at.text }]);
  }
  expect(undone).toBe(text);
  if (text.length < 1_000_000) {
    expect(file.paths.length).toBe(located.length);
    rewritten(kind, format, located, text, after);
    if (located[0]?.copies === 1) addedAndRemoved(kind, format, map, text, located[0]);
  }
  expect(strictness).toBeDefined();
  return after;
}

/** The client writes the whole file again: undo gives the meaning. */
function rewritten(
  kind: Kind,
  format: FormatDriver,
  located: readonly { path: readonly string[]; text: string }[],
  text: string,
  after: string,
): void {
  const reader = kind.readers[0];
  if (!kind.rewrite || !reader) return;
  let again = kind.rewrite(reader(after));
  for (const { path, text: original } of located) {
    const doc = read(format, again);
    const now = doc.find(path);
    if (!now) throw new Error(`${path.join('.')} was lost`);
    again = splice(again, [{ start: now.start, end: now.end, text: doc.relayout(now, original) }]);
  }
  expect(reader(again)).toEqual(reader(text));
}

/** An entry more, and gone again; one taken out, and put back at the end. */
function addedAndRemoved(
  { name, readers: [reader] }: Kind,
  format: FormatDriver,
  [map = '']: readonly string[],
  text: string,
  first: { path: readonly string[]; text: string; value: unknown },
): void {
  const removed = splice(text, [read(format, text).remove(first.path)]);
  const back = splice(removed, [read(format, removed).add(first.path, first.text)]);
  expect(read(format, removed).find(first.path)?.value).toBeUndefined();
  expect(read(format, back).find(first.path)?.value).toEqual(first.value);
  const whole = reader?.(text);
  if (whole !== undefined && reader) {
    expect(without(reader(removed), [])).toEqual(without(whole, [first.path]));
    expect(without(reader(back), [first.path])).toEqual(without(whole, [first.path]));
  }
  if (name === 'toml') return;
  const path = [map, 'added by this test'];
  const own = name === 'yamlList' ? '- name: added by this test\n  command: x' : first.text;
  const added = splice(text, [read(format, text).add(path, own)]);
  const doc = read(format, added);
  expect(doc.find(path)?.value).toEqual(format.entry(own)?.value);
  if (whole !== undefined && reader) expect(without(reader(added), [path])).toEqual(whole);
  expect(splice(added, [doc.remove(path)])).toBe(text);
}

function read(format: FormatDriver, text: string): Doc {
  const parsed = format.parse(text, 'tolerant');
  if (!parsed.ok)
    throw new Error(
      `${parsed.problem.line}:${parsed.problem.column} ${parsed.problem.message}\n${text.slice(0, 5000)}`,
    );
  return parsed.doc;
}

function without(value: unknown, paths: readonly (readonly string[])[]): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  for (const [map = '', name = ''] of paths) {
    const inside = copy[map];
    if (Array.isArray(inside)) copy[map] = inside.filter((item: { name?: unknown }) => item?.name !== name);
    else delete (inside as Record<string, unknown>)[name];
  }
  return copy;
}
