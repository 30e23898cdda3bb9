import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from './run.ts';

export type LayerName = 'L0' | 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'L6' | 'L7' | 'L8' | 'interop';
/** What a layer needs beyond Node and the packages. */
export type Need = 'build' | 'chromium' | 'electron';

/** The turns of a run, in this order, with how many files run at once (with two processors vitest would leave one idle). */
const TURNS = { units: Math.max(2, availableParallelism() - 1), programs: 2, alone: 1 } as const;
type Turn = keyof typeof TURNS;

export interface Layer {
  readonly name: LayerName;
  readonly title: string;
  readonly folder: string;
  readonly needs: readonly Need[];
  /** Made of fakes, so that most of its tests are quick; those that are not carry the tag `slow`. */
  readonly quick: boolean;
  /** Which layers run at the same time: units; then what waits for browsers and programs; then what needs all there is. */
  readonly turn: Turn;
}
export interface LayerCount {
  readonly name: LayerName;
  readonly title: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly note?: string;
  /** The runner itself failed, so the counts say too little. */
  readonly broken?: boolean;
}

export const layers: readonly Layer[] = [
  { name: 'L1', title: 'core units', folder: 'test/core', needs: [], quick: true, turn: 'units' },
  {
    name: 'L2',
    title: 'core with real servers',
    folder: 'test/servers',
    needs: [],
    quick: false,
    turn: 'units',
  },
  {
    name: 'L3',
    title: 'contract over its carriers',
    folder: 'test/contract',
    needs: [],
    quick: true,
    turn: 'units',
  },
  { name: 'L4', title: 'shell units', folder: 'test/shell', needs: [], quick: true, turn: 'units' },
  {
    name: 'L5',
    title: 'interface over an in-memory core',
    folder: 'test/renderer',
    needs: [],
    quick: true,
    turn: 'units',
  },
  {
    name: 'L6',
    title: 'built interface in Chromium',
    folder: 'test/web',
    needs: ['chromium'],
    quick: false,
    turn: 'programs',
  },
  {
    name: 'L7',
    title: 'real Electron',
    folder: 'test/electron',
    needs: ['build', 'electron'],
    quick: false,
    turn: 'programs',
  },
  {
    name: 'L8',
    title: 'packaging',
    folder: 'test/packaging',
    needs: ['build', 'electron'],
    quick: false,
    turn: 'alone',
  },
  {
    name: 'interop',
    title: 'third-party clients and servers',
    folder: 'test/interop',
    needs: ['build'],
    quick: false,
    turn: 'programs',
  },
];

/** What vitest found in this run; others may run in the same folder meanwhile. */
export const RESULTS = `test-results/${process.pid}`;

/** What to run. */
export interface Choice {
  readonly layers: readonly Layer[];
  /** Files and folders, where not all of the layers is wanted. */
  readonly paths?: readonly string[];
  /** Without the tests that carry the tag `slow`. */
  readonly quick?: boolean;
}

/** The words by which vitest runs exactly this, whether once or watching. */
export function vitestWords({ layers: chosen, paths = [], quick = false }: Choice): string[] {
  return [
    ...chosen.flatMap(({ name }) => ['--project', name]),
    ...(quick ? ['--tags-filter', '!slow', ...slowFiles(chosen).flatMap((file) => ['--exclude', file])] : []),
    ...paths.map((path) => resolve(path)),
  ];
}

/** Files that carry the tag as a whole: vitest would load each of them, only to leave all of it out. */
function slowFiles(chosen: readonly Layer[]): string[] {
  return chosen.flatMap(({ folder }) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`)
      .filter((file) => /^(?:\/\/|\/?\s*\*+) @module-tag slow$/m.test(readFileSync(file, 'utf8'))),
  );
}

/** Runs the layers; one whose need is absent is counted as skipped, with the reason. */
export async function runLayers(choice: Choice, absent: ReadonlyMap<Need, string>): Promise<LayerCount[]> {
  const blocked = (layer: Layer): string | undefined =>
    layer.needs.map((need) => absent.get(need)).find((reason) => reason !== undefined);
  const able = choice.layers.filter((layer) => blocked(layer) === undefined);
  const counts = new Map<LayerName, LayerCount>();
  for (const turn of Object.keys(TURNS) as Turn[]) {
    const group = able.filter((layer) => layer.turn === turn);
    if (group.length === 0) continue;
    for (const count of await runGroup({ ...choice, layers: group }, turn)) counts.set(count.name, count);
  }
  return choice.layers.map((layer) => {
    const reason = blocked(layer);
    if (reason !== undefined)
      return {
        name: layer.name,
        title: layer.title,
        passed: 0,
        failed: 0,
        skipped: 1,
        note: `NOT RUN: ${reason}`,
      };
    return counts.get(layer.name) as LayerCount;
  });
}

interface JsonReport {
  testResults: { name: string; status: string; assertionResults: { status: string; tags?: string[] }[] }[];
}

async function runGroup(choice: Choice, turn: Turn): Promise<LayerCount[]> {
  const file = `${RESULTS}/${turn}.json`;
  const reporter = choice.quick ? 'minimal' : 'default';
  const args = ['run', `--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${file}`];
  if (choice.quick) args.push('--silent=passed-only');

  args.push('--maxWorkers', String(TURNS[turn]));
  const { code } = await run('vitest', [...args, ...vitestWords(choice)], { show: true });
  const report: JsonReport = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
  return choice.layers.map((layer) => {
    const files = report.testResults.filter((result) => result.name.includes(`/${layer.folder}/`));
    const all = files.flatMap((result) => result.assertionResults);
    const leftOut = choice.quick
      ? all.filter(({ tags, status }) => tags?.includes('slow') && status === 'skipped')
      : [];
    const tests = all.filter((test) => !leftOut.includes(test));
    const failed = tests.filter((test) => test.status === 'failed').length;
    // A file that does not load, or whose set-up fails, has no failed test, and must not count as nothing.
    const unloadable = files.filter(
      (result) =>
        result.status === 'failed' && result.assertionResults.every(({ status }) => status !== 'failed'),
    );
    const passed = tests.filter((test) => test.status === 'passed').length;
    const unread = choice.quick ? slowFiles([layer]).length : 0;
    const notes = [
      ...(tests.length === 0 ? ['NO TEST RAN'] : []),
      ...(leftOut.length + unread > 0
        ? [`slow, only in the whole run: ${leftOut.length} tests of these files, and ${unread} files`]
        : []),
    ];
    return {
      name: layer.name,
      title: layer.title,
      passed,
      failed: failed + unloadable.length,
      skipped: tests.length - passed - failed,
      broken: tests.length === 0 || (code !== 0 && failed === 0 && choice.layers.length === 1),
      ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
    };
  });
}
