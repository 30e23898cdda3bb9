/**
 * Compares the risk classifier with labelled tools: `node scripts/risk-scoreboard.ts [FOLDER] [-v] [--list]`. FOLDER holds
 * the reference data (../shared/data unless given); without it only the table of test/core/risk/tools is compared, and this
 * says so. `-v` lists the disagreements, worst first; `--list` prints those with the catalogue as the table of docs/risk.md.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classify, type ToolFacts } from '../main/core/risk/classify.ts';
import { type Labelled, type Scoreboard, score } from '../main/core/risk/scoreboard.ts';
import { ALL_TOOLS } from '../test/core/risk/tools/table.ts';
import { disagreementTable } from './risk-judgements.ts';

const options = process.argv.slice(2).filter((word) => word.startsWith('-'));
const folder = process.argv.slice(2).find((word) => !word.startsWith('-'));
const data = folder ?? join(import.meta.dirname, '..', '..', 'shared', 'data');
const list = options.includes('--list');

interface Row extends ToolFacts, Labelled {}

function load(file: string, toRow: (item: Record<string, unknown>) => Row): Row[] | undefined {
  const path = join(data, file);
  if (!existsSync(path)) {
    console.log(`\nSKIPPED: ${path} is not there, so nothing was compared with it.`);
    return undefined;
  }
  const { tools } = JSON.parse(readFileSync(path, 'utf8')) as { tools: Record<string, unknown>[] };
  return tools.map(toRow);
}

function report(title: string, rows: readonly Row[]): Scoreboard<Row> {
  const board = score(rows, classify);
  if (list) return board;
  console.log(`\n${title}\n${board.text}`);
  if (options.includes('-v'))
    for (const { row, risk } of board.misses)
      console.log(
        `  ${row.label} → ${risk.category} ${risk.confidence}: ${row.server ?? ''} ${row.name} | ${risk.reasons.join('; ')}`,
      );
  return board;
}

const policylayer = load('policylayer_tool_categories.json', (item) => ({
  name: String(item.tool),
  server: String(item.server),
  description: String(item.description ?? ''),
  label: String(item.category),
}))?.filter((row) => row.label !== 'Other');
if (policylayer !== undefined) {
  const board = report('Early keyword labels of a public catalogue (noisy), with server names', policylayer);
  if (list) console.log(disagreementTable(board.misses));
  report(
    'The same without server names',
    policylayer.map(({ server: _, ...row }) => row),
  );
}
const github = load('github_mcp_toolsnaps.json', (item) => {
  const annotations = item.annotations as { readOnlyHint?: boolean; destructiveHint?: boolean } | undefined;
  return {
    name: String(item.name),
    description: String(item.description),
    inputSchema: item.inputSchema,
    annotations,
    label: annotations?.readOnlyHint ? 'Read' : annotations?.destructiveHint ? 'Destructive' : 'changes',
  };
});
if (github !== undefined) {
  report("GitHub's own annotations", github);
  report(
    'The same, annotations not shown',
    github.map(({ annotations: _, ...row }) => row),
  );
}
report(
  'Tools judged by hand for the tests (the rules were tuned on them)',
  ALL_TOOLS.map(({ facts, categories }) => ({
    ...facts,
    label: categories[0] ?? 'Write',
    also: categories.slice(1),
  })),
);

/** Milliseconds of processor time for 1 300 tools, the best of ten: what else the machine does only adds to it. */
function speed(rows: readonly Row[]): number {
  const many = Array.from({ length: 1300 }, (_, i) => rows[i % rows.length] as Row);
  const times = Array.from({ length: 10 }, () => {
    const started = process.cpuUsage();
    for (const row of many) classify(row);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
if (!list) {
  const own = ALL_TOOLS.map(({ facts }): Row => ({ ...facts, label: '' }));
  console.log(`\n1 300 tools are classified in ${speed(github ?? own).toFixed(0)} ms of processor time.`);
}
