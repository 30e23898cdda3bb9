import { MAX_MISSED_CALLS } from '../../../shared/limits.ts';
import type { ApprovalScope } from '../../../shared/schemas/approval.ts';
import { Risk } from '../../../shared/schemas/common.ts';
import type { ApprovalHealth, MissedCall } from '../../../shared/schemas/health.ts';
import { redactJson, redactText } from '../audit/redact.ts';
import type { Clock, Database, Log, SqlValue } from '../ports.ts';
import { type Answered, healthOf } from './health.ts';
import { prettyJson } from './pretty.ts';
import { type Ended, type Interrupted, isMissed, type PromptLog } from './prompt-log.ts';

export interface ApprovalHistory extends PromptLog {
  /** Newest first. */
  missed(limit: number): MissedCall[];
  /** Takes one off the list of missed calls, or all. */
  dismiss(id?: string): void;
  health(days: number): ApprovalHealth;
  /**
   * Prompts left open by a core that was killed. `record` writes the audit record of each and gives its number; when it
   * throws, the prompt stays for the next start.
   */
  settleInterrupted(record: (prompt: Interrupted) => number): void;
}

const MISSED_MS = 30 * 24 * 3_600_000;
const MAX_ENDED = 20_000;
const ENDED_MS = 90 * 24 * 3_600_000;
const PRUNE_EVERY = 100;

/** One row a prompt, from its question on. `ended` is null while it stands. Everything in it is redacted. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS approval_prompts (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL, at INTEGER NOT NULL, client TEXT NOT NULL, client_name TEXT NOT NULL,
    server TEXT NOT NULL, tool TEXT NOT NULL, risk TEXT NOT NULL, why TEXT NOT NULL, rule TEXT NOT NULL,
    definition TEXT NOT NULL, policy TEXT NOT NULL, digest TEXT NOT NULL, arguments TEXT, count INTEGER NOT NULL,
    ended INTEGER, how TEXT, scope TEXT, ms INTEGER, seq INTEGER, listed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS approval_prompts_id ON approval_prompts (id);
  CREATE INDEX IF NOT EXISTS approval_prompts_listed ON approval_prompts (row) WHERE listed = 1;
  CREATE INDEX IF NOT EXISTS approval_prompts_open ON approval_prompts (row) WHERE ended IS NULL;
`;

/** Every question put to the person and how it ended, in `state.db`: for the list of missed calls, and to tell how it goes. */
export function createApprovalHistory(deps: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}): ApprovalHistory {
  const { database, clock, log } = deps;
  database.exec(SCHEMA);
  const insert = database.prepare(
    `INSERT INTO approval_prompts (id, at, client, client_name, server, tool, risk, why, rule, definition, policy, digest,
     arguments, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setCount = database.prepare('UPDATE approval_prompts SET count = ? WHERE row = ?');
  const setEnd = database.prepare(
    'UPDATE approval_prompts SET ended = ?, how = ?, scope = ?, ms = ?, listed = ? WHERE row = ?',
  );
  // Arguments are kept for what may still be looked at: the list of missed calls.
  const dropArguments = database.prepare('UPDATE approval_prompts SET arguments = NULL WHERE row = ?');
  const setSeq = database.prepare('UPDATE approval_prompts SET seq = ? WHERE row = ?');
  const answeredNow = database.prepare(
    `UPDATE approval_prompts SET listed = 0, arguments = NULL WHERE listed = 1 AND (client, server, tool, digest) =
     (SELECT client, server, tool, digest FROM approval_prompts WHERE row = ?)`,
  );
  /** Rows of the prompts of this run. Those that ended stay a while: the record of a call comes after its answer. */
  const rows = new Map<string, number>();
  /** Those with a record already: the first one says what was asked. */
  const known = new Set<string>();

  const safely = (what: string, write: () => void): void => {
    try {
      write();
    } catch (error) {
      log('error', `The history of approvals could not be written (${what})`, error);
    }
  };
  const withRow = (what: string, id: string, write: (row: number) => void): void => {
    const row = rows.get(id);
    if (row !== undefined) safely(what, () => write(row));
  };
  const prune = (): void => {
    const now = clock.now();
    database
      .prepare(
        `UPDATE approval_prompts SET listed = 0, arguments = NULL WHERE listed = 1 AND (ended < ? OR row <=
         (SELECT row FROM approval_prompts WHERE listed = 1 ORDER BY row DESC LIMIT 1 OFFSET ${MAX_MISSED_CALLS}))`,
      )
      .run(now - MISSED_MS);
    database
      .prepare(
        `DELETE FROM approval_prompts WHERE ended IS NOT NULL AND (ended < ? OR row <=
         (SELECT row FROM approval_prompts ORDER BY row DESC LIMIT 1 OFFSET ${MAX_ENDED}))`,
      )
      .run(now - ENDED_MS);
  };
  safely('pruning', prune);
  let sincePrune = 0;

  return {
    opened(prompt) {
      const { request } = prompt;
      safely('a question', () => {
        const { lastInsertRowid } = insert.run(
          prompt.id,
          prompt.createdAt,
          request.clientId,
          request.clientName,
          request.server,
          request.tool,
          JSON.stringify(request.risk),
          redactText(request.why),
          request.rule,
          request.definitionHash,
          request.policyVersion,
          request.argsDigest,
          prettyJson(redactJson(request.argumentsText)),
          prompt.asked,
        );
        rows.set(prompt.id, Number(lastInsertRowid));
        for (const id of rows.keys()) {
          if (rows.size <= MAX_MISSED_CALLS) break;
          rows.delete(id);
          known.delete(id);
        }
      });
    },
    joined(prompt) {
      withRow('a question', prompt.id, (row) => void setCount.run(prompt.asked, row));
    },
    ended(id, end) {
      withRow('an answer', id, (row) => {
        const missed = isMissed(end.how);
        const ms = 'ms' in end ? Math.round(end.ms) : null;
        setEnd.run(clock.now(), end.how, 'scope' in end ? end.scope : null, ms, Number(missed), row);
        if (!missed) dropArguments.run(row);
        if (end.how === 'allowed' || end.how === 'denied') answeredNow.run(row);
        if (++sincePrune < PRUNE_EVERY) return;
        sincePrune = 0;
        prune();
      });
    },
    recorded(id, seq) {
      if (known.has(id)) return;
      withRow('a record', id, (row) => {
        setSeq.run(seq, row);
        known.add(id);
      });
    },

    missed(limit) {
      return database
        .prepare(
          'SELECT * FROM approval_prompts WHERE listed = 1 AND ended >= ? ORDER BY ended DESC, row DESC LIMIT ?',
        )
        .all(clock.now() - MISSED_MS, Math.min(limit, MAX_MISSED_CALLS))
        .map((row) => ({
          ...shared(row),
          id: String(row.id),
          seq: row.seq === null ? null : Number(row.seq),
          why: String(row.why),
          argumentsText: String(row.arguments),
          how: row.how as MissedCall['how'],
        }));
    },
    dismiss(id) {
      const which = id === undefined ? '' : ' AND id = ?';
      database
        .prepare(`UPDATE approval_prompts SET listed = 0, arguments = NULL WHERE listed = 1${which}`)
        .run(...(id === undefined ? [] : [id]));
    },
    health(days) {
      const now = clock.now();
      const found = database
        .prepare('SELECT * FROM approval_prompts WHERE at >= ? ORDER BY row')
        .all(now - days * 24 * 3_600_000)
        .map(
          (row): Answered => ({
            ...shared(row),
            how: row.how === null ? null : (String(row.how) as Ended['how']),
            scope: row.scope === null ? null : (String(row.scope) as ApprovalScope),
            ms: row.ms === null ? null : Number(row.ms),
            seq: row.seq === null ? null : Number(row.seq),
          }),
        );
      return healthOf(found, days, now);
    },
    settleInterrupted(record) {
      const open = database.prepare('SELECT * FROM approval_prompts WHERE ended IS NULL ORDER BY row').all();
      for (const row of open) {
        if ([...rows.values()].includes(Number(row.row))) continue;
        safely('an interrupted question', () => {
          const seq = record({
            ...shared(row),
            id: String(row.id),
            definitionHash: String(row.definition),
            policyVersion: String(row.policy),
            argumentsDigest: String(row.digest),
            argumentsText: String(row.arguments),
          });
          setEnd.run(clock.now(), 'stopped', null, null, 1, Number(row.row));
          // The record of a call that was told to call again says more than that nothing came of it.
          if (row.seq === null) setSeq.run(seq, Number(row.row));
        });
      }
    },
  };
}

function shared(row: Record<string, SqlValue>) {
  return {
    at: Number(row.at),
    clientId: String(row.client),
    clientName: String(row.client_name),
    server: String(row.server),
    tool: String(row.tool),
    risk: Risk.parse(JSON.parse(String(row.risk))),
    rule: String(row.rule),
    count: Number(row.count),
  };
}
