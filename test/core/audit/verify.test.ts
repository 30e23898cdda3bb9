import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { entryHash } from '../../../main/core/audit/chain/chain.ts';
import { call, openAudit, outcome, tamper, tempFolder } from './helpers.ts';

/** Ten calls with their outcomes: entries 1 to 20. */
function written(dir: string): void {
  const { audit } = openAudit(dir);
  for (let i = 0; i < 10; i++) {
    audit.finish(audit.begin(call({ reason: `call ${i}` })), outcome());
    audit.page({ limit: 1 });
  }
  audit.close();
}
function verdict(dir: string) {
  const { audit } = openAudit(dir);
  const result = audit.verify();
  audit.close();
  return result;
}
const swap = (columns: string, a: number, b: number): string =>
  `CREATE TEMP TABLE was AS SELECT * FROM entries WHERE seq IN (${a}, ${b});
   UPDATE entries SET (${columns}) = (SELECT ${columns} FROM was WHERE seq = ${b}) WHERE seq = ${a};
   UPDATE entries SET (${columns}) = (SELECT ${columns} FROM was WHERE seq = ${a}) WHERE seq = ${b}`;

describe('verify', () => {
  test('an untouched record is whole, in the running program and after a restart', () => {
    const dir = tempFolder();
    written(dir);
    expect(verdict(dir)).toMatchObject({ ok: true, entries: 20, fault: null, at: null });
  });

  test.each<[string, string[], string, number]>([
    [
      'a changed body',
      ["UPDATE entries SET body = replace(body, 'call 3', 'call X') WHERE seq = 7"],
      'edited',
      7,
    ],
    ['a changed time', ['UPDATE entries SET at = at + 1 WHERE seq = 7'], 'edited', 7],
    ['a changed kind', ["UPDATE entries SET kind = 'note' WHERE seq = 7"], 'edited', 7],
    ['a changed first entry', ["UPDATE entries SET body = '{}' WHERE seq = 1"], 'edited', 1],
    ['a changed last entry', ["UPDATE entries SET body = '{}' WHERE seq = 20"], 'edited', 20],
    ['one entry deleted', ['DELETE FROM entries WHERE seq = 9'], 'missing', 9],
    ['several deleted', ['DELETE FROM entries WHERE seq BETWEEN 9 AND 12'], 'missing', 9],
    ['the first deleted', ['DELETE FROM entries WHERE seq = 1'], 'missing', 1],
    [
      'one deleted and the rest numbered again',
      [
        'DELETE FROM entries WHERE seq = 9',
        'UPDATE entries SET seq = -(seq - 1) WHERE seq > 9',
        'UPDATE entries SET seq = -seq WHERE seq < 0',
      ],
      'missing',
      9,
    ],
    [
      'the beginning deleted, and the base made to fit',
      [
        'DELETE FROM entries WHERE seq <= 4',
        "INSERT OR REPLACE INTO meta VALUES ('base_seq', 4)",
        "INSERT OR REPLACE INTO meta SELECT 'base_hash', lower(hex(prev)) FROM entries WHERE seq = 5",
        'DELETE FROM calls WHERE seq <= 4',
      ],
      'missing',
      1,
    ],
    [
      'two entries exchanged',
      [
        'UPDATE entries SET seq = -6 WHERE seq = 6',
        'UPDATE entries SET seq = 6 WHERE seq = 11',
        'UPDATE entries SET seq = 11 WHERE seq = -6',
      ],
      'reordered',
      6,
    ],
    [
      'two neighbours exchanged',
      [
        'UPDATE entries SET seq = -6 WHERE seq = 6',
        'UPDATE entries SET seq = 6 WHERE seq = 7',
        'UPDATE entries SET seq = 7 WHERE seq = -6',
      ],
      'reordered',
      6,
    ],
    ['two bodies exchanged', [swap('body', 5, 9)], 'reordered', 5],
    ['two contents exchanged', [swap('kind, at, body', 5, 8)], 'reordered', 5],
    ['two rows exchanged', [swap('kind, at, body, prev, hash', 5, 8)], 'reordered', 5],
    ['the end cut off', ['DELETE FROM entries WHERE seq > 15'], 'truncated', 16],
    ['the last entry cut off', ['DELETE FROM entries WHERE seq = 20'], 'truncated', 20],
    ['everything deleted', ['DELETE FROM entries', 'DELETE FROM calls'], 'truncated', 1],
    ['a call taken out of the list', ['DELETE FROM calls WHERE seq = 5'], 'missing', 1],
  ])('%s', (_name, sql, fault, at) => {
    const dir = tempFolder();
    written(dir);
    tamper(dir, ...sql);
    expect(verdict(dir)).toMatchObject({ ok: false, fault, at });
    // Writing on does not cover it.
    expect(verdict(dir)).toMatchObject({ ok: false, fault, at });
  });

  test('an entry written again with a hash that fits', () => {
    const dir = tempFolder();
    written(dir);
    const database = new DatabaseSync(join(dir, 'audit.db'));
    database.exec('DROP TRIGGER entries_append_only');
    const row = database.prepare('SELECT * FROM entries WHERE seq = 7').get();
    const prev = Buffer.from(row?.prev as Uint8Array).toString('hex');
    const hash = Buffer.from(entryHash(prev, 'call', Number(row?.at), '{}'), 'hex');
    database.prepare("UPDATE entries SET body = '{}', hash = ? WHERE seq = 7").run(hash);
    database.close();
    expect(verdict(dir)).toMatchObject({ ok: false, fault: 'edited', at: 7 });
  });

  test('the whole record written again is found by the hash kept elsewhere', () => {
    const dir = tempFolder();
    written(dir);
    const database = new DatabaseSync(join(dir, 'audit.db'));
    database.exec('DROP TRIGGER entries_append_only');
    let prev = '0'.repeat(64);
    for (const row of database.prepare('SELECT * FROM entries ORDER BY seq').all()) {
      const body = String(row.body).replace('call 3', 'call X');
      const hash = entryHash(prev, String(row.kind), Number(row.at), body);
      database
        .prepare('UPDATE entries SET body = ?, prev = ?, hash = ? WHERE seq = ?')
        .run(body, Buffer.from(prev, 'hex'), Buffer.from(hash, 'hex'), Number(row.seq));
      prev = hash;
    }
    database.close();
    expect(verdict(dir)).toMatchObject({ ok: false, fault: 'edited', at: 20 });
  });

  test('audit.head taken away', () => {
    const dir = tempFolder();
    written(dir);
    rmSync(join(dir, 'audit.head'));
    expect(verdict(dir)).toMatchObject({ ok: false, fault: 'truncated', at: 21 });
  });

  test('what is done while the program runs is found as well', () => {
    const dir = tempFolder();
    const { audit } = openAudit(dir);
    for (let i = 0; i < 5; i++) audit.begin(call());
    audit.page({ limit: 1 });
    tamper(dir, 'DELETE FROM entries WHERE seq = 5');
    expect(audit.verify()).toMatchObject({ fault: 'truncated', at: 5 });
    audit.begin(call());
    expect(audit.verify()).toMatchObject({ fault: 'missing', at: 5 });
    audit.close();
  });

  test('a head that is behind gives no alarm, and one written late covers the tail', () => {
    const dir = tempFolder();
    const { audit, clock } = openAudit(dir);
    audit.begin(call());
    const head = () => {
      const database = new DatabaseSync(join(dir, 'audit.head'));
      const seq = database.prepare('SELECT seq FROM head').get()?.seq;
      database.close();
      return seq;
    };
    expect(head()).toBe(0);
    clock.advance(5_000);
    expect(head()).toBe(1);
    audit.begin(call());
    expect(head()).toBe(1);
    expect(audit.verify().ok).toBe(true);
    audit.close();
    expect(head()).toBe(2);
  });
});

describe('retention', () => {
  const DAY = 24 * 60 * 60_000;

  test('old entries go, with a note of it, and the chain goes on', () => {
    const dir = tempFolder();
    const { audit, clock } = openAudit(dir, { retention: () => ({ days: 2, megabytes: 200 }) });
    clock.advance(3_000);
    for (let day = 0; day < 5; day++) {
      for (let i = 0; i < 3; i++) audit.finish(audit.begin(call({ reason: `day ${day}` })), outcome());
      clock.advance(DAY);
    }
    const days = audit.page({ limit: 100 }).map((row) => row.reason);
    expect(new Set(days)).toEqual(new Set(['day 3', 'day 4']));
    expect(audit.verify()).toMatchObject({ ok: true });
    const notes = audit.exportPage('jsonl', 0).text.match(/"event":"pruned".*/g);
    expect(notes?.at(-1)).toContain('older than 2 days');
    audit.close();
    const again = openAudit(dir, { clock });
    expect(again.audit.verify()).toMatchObject({ ok: true });
    again.audit.close();
    tamper(dir, 'DELETE FROM entries WHERE seq = (SELECT min(seq) FROM entries)');
    expect(verdict(dir)).toMatchObject({ ok: false, fault: 'missing' });
  });

  test('a record beyond its size loses its oldest entries and the file shrinks', () => {
    const dir = tempFolder();
    const argumentsText = JSON.stringify({ text: 'x'.repeat(20_000) });
    const { audit, clock } = openAudit(dir, { retention: () => ({ days: 30, megabytes: 1 }) });
    for (let i = 0; i < 150; i++) audit.finish(audit.begin(call({ argumentsText })), outcome());
    clock.advance(60_000);
    const kept = audit.page({ limit: 1000 });
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length).toBeLessThan(60);
    expect(kept[0]?.seq).toBeGreaterThan(290);
    expect(audit.verify()).toMatchObject({ ok: true });
    const database = new DatabaseSync(join(dir, 'audit.db'));
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.close();
    expect(pages * 4096).toBeLessThan(1.2 * 1024 * 1024);
    audit.close();
    expect(verdict(dir)).toMatchObject({ ok: true });
  });
});
