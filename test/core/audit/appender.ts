/**
 * Appends calls until it is killed, one by one and many in one turn, telling each number once it is said to be written.
 * Argument: the data folder.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createAuditLog } from '../../../main/core/audit/index.ts';
import type { CallRecord } from '../../../main/core/audit/types.ts';

const dir = process.argv[2] as string;
const audit = createAuditLog({
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    // Heads are written much more often than in the product, so that the kill hits every phase of it.
    after(ms, fn) {
      const timer = setTimeout(fn, Math.min(ms, 15));
      return () => clearTimeout(timer);
    },
    every: () => () => undefined,
  },
  log: (_level, message) => process.stderr.write(`${message}\n`),
  database: new DatabaseSync(join(dir, 'audit.db')),
  head: new DatabaseSync(join(dir, 'audit.head')),
  retention: () => ({ days: 30, megabytes: 200 }),
});
const record: CallRecord = {
  clientId: 'cursor',
  clientName: 'Cursor',
  server: 'files',
  session: 's',
  method: 'tools/call',
  tool: 'read_file',
  definitionHash: null,
  policyVersion: 'p',
  rule: '/default',
  reason: 'r',
  category: null,
  severity: null,
  decision: 'allow',
  would: null,
  argumentsDigest: null,
  argumentsText: '{}',
  approvedBy: null,
  heldMs: null,
};
const written = (seq: number, i: number): void => {
  writeSync(1, `${seq}\n`);
  if (i % 2 === 0)
    audit.finish(seq, { status: 'ok', durationMs: 1, resultDigest: null, resultBytes: null, error: null });
};
let round = 0;
const step = (): void => {
  const together = ++round % 2 === 0;
  for (let i = 0; i < 20; i++) {
    if (together && i % 7 !== 0) {
      const seq = audit.beginSoon(record, (failed) => {
        if (failed) throw failed;
        written(seq, i);
      });
    } else written(audit.begin(record), i);
  }
  setImmediate(step);
};
step();
