import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../../main/core/ports.ts';
import { ActivityDetail, ActivityQuery, ActivityRow } from '../../../shared/schemas/audit.ts';
import { call, openAudit, outcome, tamper, tempFolder } from './helpers.ts';

const query = (over: Partial<ActivityQuery> = {}): ActivityQuery => ActivityQuery.parse(over);

describe('recording', () => {
  test('a call is on disk before begin returns, its outcome soon after', () => {
    const dir = tempFolder();
    const { audit, clock } = openAudit(dir);
    const seq = audit.begin(call());
    const other = new DatabaseSync(join(dir, 'audit.db'));
    const kinds = () =>
      other
        .prepare('SELECT kind FROM entries ORDER BY seq')
        .all()
        .map((row) => row.kind);
    expect(kinds()).toEqual(['call']);
    audit.finish(seq, outcome());
    clock.advance(20);
    expect(kinds()).toEqual(['call', 'outcome']);
    other.close();
    audit.close();
  });

  test('rows and details fit the contract, newest first', () => {
    const { audit, clock } = openAudit(tempFolder());
    const first = audit.begin(call());
    clock.advance(5);
    const second = audit.begin(call({ tool: 'write_file', decision: 'deny', category: 'Write' }));
    audit.finish(second, outcome({ status: 'not-run', durationMs: 0 }));
    const rows = audit.page(query()).map((row) => ActivityRow.parse(row));
    expect(rows.map((row) => [row.seq, row.status])).toEqual([
      [second, 'not-run'],
      [first, 'running'],
    ]);
    audit.finish(first, outcome({ status: 'tool-error', error: 'no such file' }));
    expect(ActivityDetail.parse(audit.detail(first))).toMatchObject({
      status: 'tool-error',
      error: 'no such file',
      resultBytes: 345,
      argumentsText: '{"path":"/tmp/notes.txt"}',
      definitionHash: 'd1',
    });
    expect(audit.detail(999)).toBeUndefined();
    audit.close();
  });

  test('an outcome is recorded once', () => {
    const { audit, logged } = openAudit(tempFolder());
    const seq = audit.begin(call());
    audit.finish(seq, outcome());
    audit.finish(seq, outcome({ status: 'cancelled' }));
    expect(audit.detail(seq)?.status).toBe('ok');
    expect(logged).toEqual([{ level: 'warn', message: expect.stringContaining(`call ${seq}`) }]);
    audit.close();
  });

  test('what cannot be recorded throws, and the chain goes on unbroken afterwards', () => {
    const dir = tempFolder();
    const real = new DatabaseSync(join(dir, 'audit.db'));
    let full = false;
    const database: Database = {
      exec: (sql) => real.exec(sql),
      close: () => real.close(),
      prepare(sql) {
        const statement = real.prepare(sql);
        return {
          all: (...values) => statement.all(...values),
          get: (...values) => statement.get(...values),
          run(...values) {
            if (full && sql.startsWith('INSERT INTO entries')) throw new Error('database or disk is full');
            return statement.run(...values);
          },
        };
      },
    };
    const { audit, clock, logged } = openAudit(dir, { database });
    const seq = audit.begin(call());
    full = true;
    expect(() => audit.begin(call())).toThrow(/could not be written.*disk is full.*Free disk space/);
    audit.finish(seq, outcome());
    expect(() => audit.begin(call())).toThrow(/disk is full/);
    clock.advance(100);
    expect(logged.some((line) => line.level === 'error' && line.message.includes('trying again'))).toBe(true);
    expect(audit.page(query())).toEqual([]);
    expect(() => audit.exportPage('jsonl', 0)).toThrow(/disk is full/);
    full = false;
    clock.advance(2_000);
    expect(audit.detail(seq)?.status).toBe('ok');
    audit.begin(call());
    expect(audit.verify()).toMatchObject({ ok: true, entries: 3 });
    audit.close();
    expect(() => audit.begin(call())).toThrow(/closed/);
  });

  test('a commit that fails in the middle leaves no gap and no wrong hash', () => {
    const dir = tempFolder();
    const real = new DatabaseSync(join(dir, 'audit.db'));
    let failing = false;
    const database: Database = {
      exec: (sql) => real.exec(sql),
      close: () => real.close(),
      prepare(sql) {
        const statement = real.prepare(sql);
        return {
          all: (...values) => statement.all(...values),
          get: (...values) => statement.get(...values),
          run(...values) {
            if (failing && sql === 'COMMIT') throw new Error('disk I/O error');
            return statement.run(...values);
          },
        };
      },
    };
    const { audit } = openAudit(dir, { database });
    const seq = audit.begin(call());
    audit.finish(seq, outcome());
    failing = true;
    expect(() => audit.begin(call())).toThrow(/disk I\/O error/);
    failing = false;
    expect(audit.begin(call())).toBe(3);
    expect(audit.verify()).toMatchObject({ ok: true, entries: 3 });
    expect(audit.detail(seq)?.status).toBe('ok');
    audit.close();
  });

  test('listeners hear the newest number, once for a burst', () => {
    const { audit, clock } = openAudit(tempFolder());
    const heard: number[] = [];
    audit.onAppend((seq) => heard.push(seq));
    for (let i = 0; i < 50; i++) audit.finish(audit.begin(call()), outcome());
    audit.note('mode', { mode: 'observe' });
    clock.advance(1_000);
    expect(heard).toEqual([101]);
    audit.close();
  });

  test('a running call is lost when the program ends without its outcome', () => {
    const dir = tempFolder();
    const first = openAudit(dir);
    const seq = first.audit.begin(call());
    first.audit.close();
    const second = openAudit(dir);
    expect(second.audit.detail(seq)).toMatchObject({ status: 'lost', durationMs: null });
    expect(second.audit.verify()).toMatchObject({ ok: true, entries: 2 });
    second.audit.close();
  });

  test('a database of a newer version is refused and left as it is', () => {
    const dir = tempFolder();
    openAudit(dir).audit.close();
    tamper(dir, 'PRAGMA user_version = 7');
    expect(() => openAudit(dir)).toThrow(/newer version of Drawbridge \(schema 7; this one knows 2\)/);
  });

  test('a database of version 1 gets its index again, searchable for what enforcing would have done', () => {
    const dir = tempFolder();
    const first = openAudit(dir);
    const seqs = [null, 'ask', null, 'deny'].map((would) =>
      first.audit.begin(call({ would: would as 'ask' | null })),
    );
    for (const seq of seqs) first.audit.finish(seq, outcome({ durationMs: seq }));
    first.audit.close();
    tamper(dir, 'ALTER TABLE combos DROP COLUMN would', 'PRAGMA user_version = 1');
    const { audit } = openAudit(dir);
    const all = audit.page(query());
    expect(all.map(({ seq, durationMs }) => [seq, durationMs])).toEqual(
      seqs.map((seq) => [seq, seq]).reverse(),
    );
    expect(audit.page(query({ would: 'deny' })).map(({ seq }) => seq)).toEqual([seqs[3]]);
    expect(audit.verify().ok).toBe(true);
    audit.close();
  });

  test('entries are not changed by accident', () => {
    const dir = tempFolder();
    const { audit } = openAudit(dir);
    audit.begin(call());
    const other = new DatabaseSync(join(dir, 'audit.db'));
    expect(() => other.exec("UPDATE entries SET body = '{}'")).toThrow(/not changed/);
    other.close();
    audit.close();
  });
});

describe('finding', () => {
  test('filters alone and together, in pages without overlap or gap', () => {
    const { audit } = openAudit(tempFolder());
    const all: {
      seq: number;
      client: string;
      server: string;
      tool: string;
      decision: string;
      would: string | null;
    }[] = [];
    for (let i = 0; i < 600; i++) {
      const client = ['cursor', 'claude'][i % 2] as string;
      const server = ['a', 'b', 'c'][i % 3] as string;
      const tool = `t${i % 7}`;
      const decision = i % 5 === 0 ? 'deny' : 'allow';
      const would = decision === 'allow' && i % 4 === 0 ? 'ask' : null;
      const seq = audit.begin(call({ clientId: client, server, tool, decision, would }));
      all.unshift({ seq, client, server, tool, decision, would });
    }
    const choices: Partial<ActivityQuery>[] = [
      {},
      { client: 'cursor' },
      { server: 'b', decision: 'deny' },
      { client: 'claude', server: 'c', tool: 't3' },
      { client: 'claude', server: 'c', tool: 't3', decision: 'allow' },
      { would: 'ask' },
      { would: 'ask', server: 'a', client: 'cursor' },
      { would: 'deny' },
      { client: 'nobody' },
    ];
    for (const filter of choices) {
      const expected = all
        .filter((row) => Object.entries(filter).every(([key, value]) => row[key as 'tool'] === value))
        .map((row) => row.seq);
      const found: number[] = [];
      for (let before: number | undefined; ; ) {
        const rows = audit.page(query({ ...filter, limit: 17, before }));
        if (rows.length === 0) break;
        found.push(...rows.map((row) => row.seq));
        before = rows.at(-1)?.seq;
      }
      expect(found).toEqual(expected);
    }
    audit.close();
  });

  test('text in tool, reason and arguments, whatever its case and however it is escaped', () => {
    const { audit } = openAudit(tempFolder());
    const a = audit.begin(call({ tool: 'Send_Email' }));
    const b = audit.begin(call({ reason: 'Over "500".' }));
    const c = audit.begin(call({ argumentsText: '{"q":"C:\\\\Users\\\\Ann"}' }));
    const found = (text: string) => audit.page(query({ text })).map((row) => row.seq);
    expect(found('send_EMAIL')).toEqual([a]);
    expect(found('over "500"')).toEqual([b]);
    expect(found('users\\\\ann')).toEqual([c]);
    expect(found('"q":')).toEqual([c]);
    // The names of the stored members are no hits.
    expect(found('argumentsDigest')).toEqual([]);
    audit.close();
  });

  test('names that an agent makes up do not grow the index without end, and are still found', () => {
    const { audit } = openAudit(tempFolder());
    let last = 0;
    for (let i = 0; i < 4_200; i++) last = audit.begin(call({ tool: `made_up_${i}`, decision: 'deny' }));
    expect(audit.page(query({ tool: 'made_up_4199' })).map((row) => row.seq)).toEqual([last]);
    expect(audit.page(query({ tool: 'made_up_5' })).map((row) => row.tool)).toEqual(['made_up_5']);
    expect(audit.today()).toEqual({ calls: 4_200, denied: 4_200, asked: 0 });
    audit.close();
  });

  test('counts of the day, also after a restart, and from zero after midnight', () => {
    const dir = tempFolder();
    const { audit, clock } = openAudit(dir);
    audit.begin(call());
    audit.begin(call({ decision: 'deny' }));
    clock.advance(60_000);
    audit.begin(call({ decision: 'approved', tool: 'pay' }));
    audit.begin(call({ decision: 'refused', tool: 'pay' }));
    audit.begin(call({ method: 'resources/list', tool: null, decision: 'pass', server: 'other' }));
    const check = (log: typeof audit): void => {
      expect(log.today()).toEqual({ calls: 4, denied: 2, asked: 2 });
      expect(log.toolUse('files')).toEqual(
        new Map([
          ['read_file', { lastCallAt: clock.now() - 60_000, callsToday: 2 }],
          ['pay', { lastCallAt: clock.now(), callsToday: 2 }],
        ]),
      );
      expect(log.lastCallAt('files')).toBe(clock.now());
      expect(log.lastCallAt('other')).toBeNull();
    };
    check(audit);
    audit.close();
    const again = openAudit(dir, { clock });
    check(again.audit);
    clock.jump(24 * 60 * 60_000);
    expect(again.audit.today()).toEqual({ calls: 0, denied: 0, asked: 0 });
    expect(again.audit.toolUse('files').get('pay')?.callsToday).toBe(0);
    again.audit.close();
  });
});
