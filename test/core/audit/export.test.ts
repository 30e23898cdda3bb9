import { describe, expect, test } from 'vitest';
import { entryHash } from '../../../main/core/audit/chain/chain.ts';
import { csvCell } from '../../../main/core/audit/export.ts';
import { call, openAudit, outcome, tempFolder } from './helpers.ts';

function all(
  audit: ReturnType<typeof openAudit>['audit'],
  format: 'jsonl' | 'csv',
): { text: string; pages: number } {
  let text = '';
  let pages = 0;
  for (let after: number | null = 0; after !== null; pages++) {
    const page = audit.exportPage(format, after);
    text += page.text;
    after = page.next;
  }
  return { text, pages };
}
/** A small RFC 4180 reader. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (let at = 0; at < text.length; ) {
    const quoted = text[at] === '"';
    const match = quoted ? /"((?:[^"]|"")*)"/y : /[^,\r\n]*/y;
    match.lastIndex = at;
    const found = match.exec(text);
    if (!found) throw new Error(`not CSV at ${at}`);
    rows.at(-1)?.push(quoted ? (found[1] ?? '').replaceAll('""', '"') : found[0]);
    at = match.lastIndex;
    if (text.startsWith('\r\n', at)) {
      at += 2;
      if (at < text.length) rows.push([]);
    } else if (text[at] === ',') at += 1;
    else if (at < text.length) throw new Error(`not CSV at ${at}`);
  }
  return rows;
}

describe('export', () => {
  test('JSON lines hold every entry, and anybody can check the chain with them', () => {
    const { audit } = openAudit(tempFolder());
    for (let i = 0; i < 700; i++)
      audit.finish(audit.begin(call({ argumentsText: `{"n":1.0${i}}` })), outcome());
    audit.note('mode', { mode: 'raised' });
    const { text, pages } = all(audit, 'jsonl');
    expect(pages).toBeGreaterThan(1);
    let prev = '0'.repeat(64);
    let seq = 0;
    for (const line of text.trimEnd().split('\n')) {
      const entry = JSON.parse(line);
      const body = line.slice(line.indexOf('"body":') + 7, -1);
      expect(entry.seq).toBe(++seq);
      expect(entryHash(prev, entry.kind, entry.at, body)).toBe(entry.hash);
      prev = entry.hash;
    }
    expect(seq).toBe(1401);
    audit.close();
  });

  test('CSV holds a line a call with its outcome, and runs nothing in a spreadsheet', () => {
    const { audit } = openAudit(tempFolder());
    const evil = ['=HYPERLINK("http://x","y")', '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'];
    for (const tool of evil)
      audit.finish(audit.begin(call({ tool, reason: tool })), outcome({ error: tool }));
    audit.begin(call({ reason: 'say "hi", twice\nthen stop' }));
    audit.note('=evil()', { a: 1 });
    const [header, ...rows] = parseCsv(all(audit, 'csv').text);
    expect(rows).toHaveLength(9);
    const column = (name: string) => rows.map((row) => row[header?.indexOf(name) ?? -1]);
    expect(column('tool').slice(0, 7)).toEqual(evil.map((text) => `'${text}`));
    expect(column('error').slice(0, 7)).toEqual(evil.map((text) => `'${text}`));
    expect(column('reason')[7]).toBe('say "hi", twice\nthen stop');
    expect(column('status')).toEqual([...evil.map(() => 'ok'), 'running', '']);
    expect(column('method')[8]).toBe(`'=evil()`);
    for (const row of rows) {
      expect(row).toHaveLength(header?.length ?? 0);
      for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
    audit.close();
  });

  test.each([
    [null, ''],
    [12, '12'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['=1', `"'=1"`],
    ['-', `"'-"`],
  ])('the cell of %j is %s', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test('an empty record exports as nothing, or as a header', () => {
    const { audit } = openAudit(tempFolder());
    expect(audit.exportPage('jsonl', 0)).toEqual({ text: '', next: null });
    expect(audit.exportPage('csv', 0).text).toMatch(/^seq,kind,at,clientId,.*\r\n$/);
    audit.close();
  });
});
