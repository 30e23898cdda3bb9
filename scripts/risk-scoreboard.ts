/**
 * Compares the risk classifier with labelled tools and prints a confusion matrix: `node scripts/risk-scoreboard.ts [-v]`.
 * The reference data is not part of the repository; without it this says so and ends with 0.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classify } from '../main/core/risk/classify.ts';
import { score } from '../main/core/risk/scoreboard.ts';

const data = join(import.meta.dirname, '..', '..', 'shared', 'data');
const verbose = process.argv.includes('-v');

interface Row {
  readonly name: string;
  readonly server?: string;
  readonly description: string;
  readonly label: string;
  readonly inputSchema?: unknown;
  readonly annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean };
}

function load(file: string, toRow: (item: Record<string, unknown>) => Row): Row[] | undefined {
  const path = join(data, file);
  if (!existsSync(path)) {
    console.log(`${path} is not there, so nothing was compared with it.`);
    return undefined;
  }
  const { tools } = JSON.parse(readFileSync(path, 'utf8')) as { tools: Record<string, unknown>[] };
  return tools.map(toRow);
}

function report(title: string, rows: readonly Row[]): void {
  const board = score(rows, classify);
  console.log(`\n${title}\n${board.text}`);
  if (!verbose) return;
  for (const { row, risk } of board.misses)
    console.log(
      `  ${row.label} → ${risk.category}: ${row.name} | ${row.description.slice(0, 90)} | ${risk.reasons.join('; ')}`,
    );
}

const policylayer = load('policylayer_tool_categories.json', (item) => ({
  name: String(item.tool),
  server: String(item.server),
  description: String(item.description ?? ''),
  label: String(item.category),
}));
if (policylayer !== undefined) {
  report(
    'Early keyword labels of a public catalogue (noisy), with server names',
    policylayer.filter((row) => row.label !== 'Other'),
  );
  report(
    'The same without server names',
    policylayer.filter((row) => row.label !== 'Other').map(({ server: _, ...row }) => row),
  );
}
const github = load('github_mcp_toolsnaps.json', (item) => {
  const annotations = item.annotations as Row['annotations'];
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
