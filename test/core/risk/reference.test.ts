import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classify, type ToolFacts } from '../../../main/core/risk/classify.ts';
import { score } from '../../../main/core/risk/scoreboard.ts';

const data = join(import.meta.dirname, '../../../../shared/data');
const there = existsSync(data);
if (!there)
  console.warn(`SKIPPED: ${data} is not there, so the classifier was not compared with reference labels.`);
const load = <T>(file: string): T => JSON.parse(readFileSync(join(data, file), 'utf8')) as T;

describe.skipIf(!there)('agreement with reference labels (skipped where ../shared/data is absent)', () => {
  interface Row {
    readonly tool: string;
    readonly server: string;
    readonly description: string | null;
    readonly category: string;
  }
  const rows = () =>
    load<{ tools: Row[] }>('policylayer_tool_categories.json')
      .tools.map((row) => ({
        name: row.tool,
        server: row.server,
        description: String(row.description ?? ''),
        label: row.category,
      }))
      .filter(({ label }) => label !== 'Other');

  it('is at least 94 % with the catalogue, with and without server names', () => {
    for (const labelled of [rows(), rows().map(({ server: _, ...row }) => row)]) {
      const board = score(labelled, classify);
      expect(board.agreement).toBeGreaterThan(0.94);
      expect(board.readPrecision).toBeGreaterThan(0.955);
      expect(
        board.misses.filter(({ row, risk }) => row.label === 'Destructive' && risk.category === 'Read'),
      ).toEqual([]);
    }
  });
  it('every disagreement with the catalogue is judged in docs/risk.md', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/risk.md'), 'utf8').replaceAll(
      / +/g,
      ' ',
    );
    for (const { row, risk } of score(rows(), classify).misses)
      expect(text).toContain(`| ${row.server} | \`${row.name}\` | ${row.label} | ${risk.category} |`);
    expect(text).not.toContain('not judged yet');
  });

  type Annotated = ToolFacts & { annotations: { readOnlyHint?: boolean; destructiveHint?: boolean } };
  it.each([true, false])("fits GitHub's annotations (shown: %s)", (shown) => {
    const { tools } = load<{ tools: Annotated[] }>('github_mcp_toolsnaps.json');
    expect(tools.length).toBe(117);
    for (const tool of tools) {
      const { category } = classify(shown ? tool : { ...tool, annotations: undefined });
      if (tool.annotations.readOnlyHint === false)
        expect([tool.name, category]).not.toEqual([tool.name, 'Read']);
      if (tool.annotations.readOnlyHint === true) expect([tool.name, category]).toEqual([tool.name, 'Read']);
      if (tool.annotations.destructiveHint === true)
        expect([tool.name, category]).toEqual([tool.name, 'Destructive']);
    }
  });

  interface Entry {
    readonly id: string;
    readonly label: string;
    readonly description?: string;
    readonly tool?: { readonly name: string; readonly description: string };
  }
  it('of tools that carry an attack openly, none that says it sends, deletes or runs is Read', () => {
    const entries = ['mcpproxy_detect_corpus_v1.json', 'mcpproxy_security_corpus_v1.json'].flatMap(
      (file) => load<{ entries: Entry[] }>(file).entries,
    );
    expect(entries.length).toBe(100);
    const open = /\b(also|then|and) (sends|deletes|posts|executes|uploads|forwards|modifies) /i;
    for (const { id, label, tool, description } of entries) {
      const facts = tool ?? { name: id, description: description ?? '' };
      if (label === 'malicious' && open.test(facts.description))
        expect([id, classify(facts).category]).not.toEqual([id, 'Read']);
    }
  });
});
