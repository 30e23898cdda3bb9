import type { Database } from '../ports.ts';
import { type Entry, readEntry } from './chain/chain.ts';
import { EXPORT_COLUMNS } from './export-columns.ts';
import { type OutcomeBody, readBody, readCall } from './rows.ts';

const PAGE_ENTRIES = 500;
const PAGE_CHARS = 1024 * 1024;

export interface ExportPage {
  readonly text: string;
  /** What to ask for next (`after`); null at the end. */
  readonly next: number | null;
}

/**
 * The record itself, oldest first: an entry a line, with its hash and, in `body`, the very characters the hash is made over.
 */
export function exportJsonl(database: Database, after: number): ExportPage {
  return page(database, 'SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?', after, (entry) => {
    const { seq, kind, at, prev, hash, body } = entry;
    return `{"seq":${seq},"kind":"${kind}","at":${at},"prev":"${prev}","hash":"${hash}","body":${body}}\n`;
  });
}

/**
 * For spreadsheets (RFC 4180): a call a line with its outcome; notes have their event as method and their detail as reason.
 */
export function exportCsv(database: Database, after: number): ExportPage {
  const outcomeOf = database.prepare(
    'SELECT o.body AS body FROM calls c JOIN entries o ON o.seq = c.outcome WHERE c.seq = ?',
  );
  const line = (entry: Entry): string => {
    const { seq, kind, at, body } = entry;
    const cells: unknown[] = [seq, kind, new Date(at).toISOString()];
    if (kind === 'call') {
      const row = outcomeOf.get(seq);
      const outcome = row && readBody<OutcomeBody>(String(row.body));
      const exported = { call: readCall(body), outcome };
      cells.push(...EXPORT_COLUMNS.map(({ ofCall }) => ofCall(exported)));
    } else {
      const read = readBody<{ event: string; detail: unknown }>(body);
      const note = { event: read?.event ?? 'unreadable', detail: JSON.stringify(read?.detail ?? body) };
      cells.push(...EXPORT_COLUMNS.map(({ ofNote }) => ofNote?.(note)));
    }
    return `${cells.map(csvCell).join(',')}\r\n`;
  };
  const sql = "SELECT * FROM entries WHERE seq > ? AND kind <> 'outcome' ORDER BY seq LIMIT ?";
  const { text, next } = page(database, sql, after, line);
  const header = `${['seq', 'kind', 'at', ...EXPORT_COLUMNS.map(({ name }) => name)].join(',')}\r\n`;
  return { text: after === 0 ? header + text : text, next };
}

/** One cell. What a spreadsheet would take for a formula gets a leading apostrophe, so that it stays text. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = String(value);
  const safe = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",\r\n\t']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function page(database: Database, sql: string, after: number, line: (entry: Entry) => string): ExportPage {
  const rows = database.prepare(sql).all(after, PAGE_ENTRIES);
  const lines: string[] = [];
  let size = 0;
  for (const row of rows) {
    const entry = readEntry(row) as Entry;
    const text = line(entry);
    lines.push(text);
    size += text.length;
    if (size >= PAGE_CHARS) return { text: lines.join(''), next: entry.seq };
  }
  const last = rows.at(-1);
  return { text: lines.join(''), next: last && rows.length === PAGE_ENTRIES ? Number(last.seq) : null };
}
