import type { ActivityDetail, ActivityQuery, ActivityRow } from '../../../shared/schemas/audit.ts';
import type { Database, SqlValue } from '../ports.ts';
import type { CallIndex } from './call-index.ts';
import { activityDetail, activityRow, type OutcomeBody, readBody, readCall } from './rows.ts';
import type { CallRecord } from './types.ts';

/** Calls looked through for one page: a rare text in a long record is answered in time, not by reading all of it. */
const MAX_EXAMINED = 5_000;

export interface Reader {
  page(query: ActivityQuery): ActivityRow[];
  detail(seq: number): ActivityDetail | undefined;
}

/** Reads calls with their outcomes out of the entries, found through the index. */
export function createReader(database: Database, index: CallIndex): Reader {
  const one = database.prepare(
    'SELECT e.at AS at, e.body AS body, o.body AS outcome FROM calls c ' +
      'JOIN entries e ON e.seq = c.seq LEFT JOIN entries o ON o.seq = c.outcome WHERE c.seq = ?',
  );
  const body = database.prepare('SELECT body FROM entries WHERE seq = ?');

  const load = (seq: number) => {
    const row = one.get(seq);
    if (!row) return undefined;
    return { at: Number(row.at), call: readCall(String(row.body)), outcome: outcome(row.outcome) };
  };

  return {
    page(query) {
      const rows: ActivityRow[] = [];
      const wanted = query.text === undefined || query.text === '' ? undefined : textFilter(query.text);
      let examined = 0;
      for (const seq of index.find(query)) {
        examined += 1;
        if (examined > MAX_EXAMINED) break;
        if (wanted && !wanted.maybe(String(body.get(seq)?.body ?? ''))) continue;
        const found = load(seq);
        if (!found) continue;
        const { at, call, outcome } = found;
        if (query.tool !== undefined && call.tool !== query.tool) continue;
        if (wanted && !wanted.certainly(call)) continue;
        rows.push(activityRow(seq, at, call, outcome));
        if (rows.length >= query.limit) break;
      }
      return rows;
    },
    detail(seq) {
      const found = load(seq);
      return found && activityDetail(seq, found.at, found.call, found.outcome);
    },
  };
}

function outcome(body: SqlValue | undefined): OutcomeBody | undefined {
  return typeof body === 'string' ? readBody<OutcomeBody>(body) : undefined;
}

/**
 * Finds a text, whatever its case, in tool, reason and arguments. The quick look at the stored body is for what the text
 * becomes in it: escaped once in a name or reason, twice in arguments.
 */
function textFilter(text: string): { maybe(body: string): boolean; certainly(call: CallRecord): boolean } {
  const plain = text.toLowerCase();
  const once = escaped(plain);
  const twice = escaped(once);
  return {
    maybe(body) {
      const lower = body.toLowerCase();
      return lower.includes(once) || lower.includes(twice);
    },
    certainly: (call) =>
      [call.tool, call.reason, call.argumentsText].some((field) => field?.toLowerCase().includes(plain)),
  };
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
