import { expect, test } from 'vitest';
import type { AuditLog, CallRecord, PastCall } from '../../../main/core/audit/types.ts';
import { canonicalDigest } from '../../../main/core/codec/index.ts';
import { cpuTime } from '../../kit/cpu-time.ts';
import { call, openAudit, outcome, tempFolder } from './helpers.ts';

function record(audit: AuditLog, overrides: Partial<CallRecord>, args: object = {}): number {
  const argumentsText = JSON.stringify(args);
  const seq = audit.begin(
    call({ argumentsText, argumentsDigest: canonicalDigest(argumentsText), ...overrides }),
  );
  audit.finish(seq, outcome());
  return seq;
}

test('gives the last judged calls of a server or a tool, newest first, and nothing else', () => {
  const { audit } = openAudit(tempFolder());
  const first = record(audit, {}, { path: '/a' });
  record(audit, { server: 'other' });
  record(audit, { method: 'resources/read', tool: null, decision: 'pass' });
  const second = record(audit, { tool: 'write_file', decision: 'deny', would: null }, { path: '/b' });
  const third = record(audit, { decision: 'allow', would: 'ask', clientId: 'zed', clientName: 'Zed' });
  audit.note('mode', { mode: 'raised' });

  expect(audit.history({ server: 'files', limit: 10 }).map(({ seq }) => seq)).toEqual([third, second, first]);
  expect(audit.history({ server: 'files', limit: 2 }).map(({ seq }) => seq)).toEqual([third, second]);
  expect(audit.history({ server: 'files', tool: 'read_file', limit: 10 }).map(({ seq }) => seq)).toEqual([
    third,
    first,
  ]);
  expect(audit.history({ server: 'files', limit: 1 })).toEqual([
    {
      seq: third,
      at: expect.any(Number),
      clientId: 'zed',
      clientName: 'Zed',
      server: 'files',
      session: 's1',
      tool: 'read_file',
      argumentsText: '{}',
      argumentsDigest: canonicalDigest('{}'),
      redacted: false,
      definitionHash: 'd1',
      decision: 'allow',
      would: 'ask',
    },
  ]);
  audit.close();
});

test('a call that came back after its question counts once, with its last outcome', () => {
  const { audit, clock } = openAudit(tempFolder());
  record(audit, { decision: 'pending' }, { a: 1 });
  clock.advance(60_000);
  record(audit, { decision: 'pending' }, { a: 1 });
  clock.advance(10 * 60_000);
  const ran = record(audit, { decision: 'approved', approvedBy: 'tray' }, { a: 1 });
  // Another client, other arguments, and a retry long after are calls of their own.
  const other = record(audit, { decision: 'pending', clientId: 'zed' }, { a: 1 });
  const changed = record(audit, { decision: 'pending' }, { a: 2 });
  clock.advance(16 * 60_000);
  const late = record(audit, { decision: 'approved' }, { a: 2 });
  expect(audit.history({ server: 'files', limit: 10 }).map(({ seq }) => seq)).toEqual([
    late,
    changed,
    other,
    ran,
  ]);
  audit.close();
});

test('knows what was redacted, and what only looks so', () => {
  const { audit } = openAudit(tempFolder());
  record(audit, {}, { password: 'hunter2hunter2' });
  record(audit, {}, { note: 'he wrote [redacted]' });
  record(audit, {}, { body: 'x'.repeat(70_000) });
  expect(audit.history({ server: 'files', limit: 10 }).map(({ redacted }) => redacted)).toEqual([
    true,
    false,
    true,
  ]);
  audit.close();
});

test('5000 calls are read in well under 200 ms', { tags: ['slow'] }, () => {
  const { audit } = openAudit(tempFolder());
  for (let i = 0; i < 6000; i++)
    audit.begin(
      call({
        tool: `tool_${i % 20}`,
        argumentsText: `{"path":"/srv/notes/${i}.md","text":"${'word '.repeat(20)}"}`,
        argumentsDigest: String(i),
      }),
    );
  audit.history({ server: 'files', limit: 1 });
  let took = Number.POSITIVE_INFINITY;
  let calls: PastCall[] = [];
  for (let run = 0; run < 3; run++) {
    const begin = cpuTime();
    calls = audit.history({ server: 'files', limit: 5000 });
    took = Math.min(took, cpuTime() - begin);
  }
  console.log(`history of 5000 calls: ${took.toFixed(0)} ms`);
  expect(calls).toHaveLength(5000);
  expect(took).toBeLessThan(200);
  audit.close();
});
