import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { createAuditLog } from '../../../main/core/audit/index.ts';
import type { AuditLog, CallRecord, OutcomeRecord } from '../../../main/core/audit/types.ts';
import type { Database, LogLevel } from '../../../main/core/ports.ts';
import { FakeClock } from '../../fakes/clock.ts';

/** A folder that goes when the test ends. */
export function tempFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface OpenAudit {
  readonly audit: AuditLog;
  readonly clock: FakeClock;
  readonly logged: { level: LogLevel; message: string }[];
}

export function openAudit(
  dir: string,
  options: {
    clock?: FakeClock;
    retention?: () => { days: number; megabytes: number };
    database?: Database;
  } = {},
): OpenAudit {
  const clock = options.clock ?? new FakeClock();
  const logged: OpenAudit['logged'] = [];
  const audit = createAuditLog({
    clock,
    log: (level, message) => void logged.push({ level, message }),
    database: options.database ?? new DatabaseSync(join(dir, 'audit.db')),
    head: new DatabaseSync(join(dir, 'audit.head')),
    retention: options.retention ?? (() => ({ days: 30, megabytes: 200 })),
  });
  return { audit, clock, logged };
}

/** Does something to the file behind the program's back. */
export function tamper(dir: string, ...sql: string[]): void {
  const database = new DatabaseSync(join(dir, 'audit.db'));
  database.exec('DROP TRIGGER IF EXISTS entries_append_only');
  for (const statement of sql) database.exec(statement);
  database.close();
}

export function call(overrides: Partial<CallRecord> = {}): CallRecord {
  return {
    clientId: 'cursor',
    clientName: 'Cursor',
    server: 'files',
    session: 's1',
    method: 'tools/call',
    tool: 'read_file',
    definitionHash: 'd1',
    policyVersion: 'p1',
    rule: '/tools/read_file',
    reason: 'The policy allows read_file.',
    category: 'Read',
    severity: 'Low',
    decision: 'allow',
    would: null,
    argumentsDigest: 'a1',
    argumentsText: '{"path":"/tmp/notes.txt"}',
    approvedBy: null,
    heldMs: null,
    ...overrides,
  };
}
export function outcome(overrides: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return { status: 'ok', durationMs: 12, resultDigest: 'r1', resultBytes: 345, error: null, ...overrides };
}
