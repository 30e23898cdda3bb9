import { canonicalDigest } from '../codec/index.ts';
import type { Database } from '../ports.ts';
import type { CallIndex } from './call-index.ts';
import { REDACTED } from './credential-patterns.ts';
import { MAX_STORED_CHARS } from './redact.ts';
import { readBody } from './rows.ts';
import type { CallRecord, PastCall } from './types.ts';

/**
 * How long after a call was told to try again its retry still belongs to it: as long as a prompt waits and the ticket that
 * comes of it lasts.
 */
const RETRY_MS = 15 * 60_000;

/**
 * The last judged calls of a server, or of one of its tools, newest first. A call that was told to come back and came back
 * (same client, tool and arguments) is one call, with the outcome it had in the end.
 */
export function createHistory(
  database: Database,
  index: CallIndex,
): (query: { server: string; tool?: string | undefined; limit: number }) => PastCall[] {
  const entry = database.prepare('SELECT at, body FROM entries WHERE seq = ?');
  return ({ server, tool, limit }) => {
    const calls: PastCall[] = [];
    /** When the record that comes after was written, by client, tool and arguments. */
    const later = new Map<string, number>();
    for (const seq of index.find(tool === undefined ? { server } : { server, tool })) {
      const row = entry.get(seq);
      const record = row === undefined ? undefined : readBody<CallRecord>(String(row.body));
      if (record === undefined || record.method !== 'tools/call' || record.decision === 'pass') continue;
      if (record.tool === null || (tool !== undefined && record.tool !== tool)) continue;
      const at = Number(row?.at);
      const key = `${record.clientId}\n${record.argumentsDigest}\n${record.tool}`;
      const retried = later.get(key);
      later.set(key, at);
      if (record.decision === 'pending' && retried !== undefined && retried - at <= RETRY_MS) continue;
      calls.push({
        seq,
        at,
        clientId: record.clientId,
        clientName: record.clientName,
        server,
        session: record.session,
        tool: record.tool,
        argumentsText: record.argumentsText,
        argumentsDigest: record.argumentsDigest,
        redacted: wasRedacted(record),
        definitionHash: record.definitionHash,
        decision: record.decision,
        would: record.would,
      });
      if (calls.length >= limit) break;
    }
    return calls;
  };
}

/** Whether the text kept is not the one that was sent. The digest is of the latter, so a mark that a client sent is told apart. */
function wasRedacted({ argumentsText, argumentsDigest }: CallRecord): boolean {
  if (argumentsText === null) return false;
  if (argumentsText.length > MAX_STORED_CHARS) return true;
  if (!argumentsText.includes(REDACTED)) return false;
  return argumentsDigest === null || canonicalDigest(argumentsText) !== argumentsDigest;
}
