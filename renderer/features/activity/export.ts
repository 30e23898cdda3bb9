import type { Store } from '../../client/store.ts';

/** Reads every page of an export and offers it as a file. Gives the file's name. */
export async function exportAudit(store: Store, format: 'jsonl' | 'csv'): Promise<string> {
  const pages: string[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { text: string; next: number | null } = await store.call('audit.export', { format, after });
    pages.push(page.text);
    after = page.next;
  }
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const name = `drawbridge-audit-${stamp}.${format}`;
  const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const url = URL.createObjectURL(new Blob(pages, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
  return name;
}
