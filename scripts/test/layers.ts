import { existsSync, readFileSync } from 'node:fs';
import { run } from './run.ts';

export type LayerName = 'L0' | 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'L6' | 'L7' | 'L8' | 'interop';
/** What a layer needs beyond Node and the packages. */
export type Need = 'chromium' | 'electron';

export interface Layer {
  readonly name: LayerName;
  readonly title: string;
  readonly folder: string;
  readonly needs: readonly Need[];
  /** May run beside other layers; the rest have the machine to themselves. */
  readonly parallel: boolean;
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
  { name: 'L1', title: 'core units', folder: 'test/core', needs: [], parallel: true },
  { name: 'L2', title: 'core with real servers', folder: 'test/servers', needs: [], parallel: true },
  { name: 'L3', title: 'contract over its carriers', folder: 'test/contract', needs: [], parallel: true },
  { name: 'L4', title: 'shell units', folder: 'test/shell', needs: [], parallel: true },
  {
    name: 'L5',
    title: 'interface over an in-memory core',
    folder: 'test/renderer',
    needs: [],
    parallel: true,
  },
  {
    name: 'L6',
    title: 'built interface in Chromium',
    folder: 'test/web',
    needs: ['chromium'],
    parallel: false,
  },
  { name: 'L7', title: 'real Electron', folder: 'test/electron', needs: ['electron'], parallel: false },
  { name: 'L8', title: 'packaging', folder: 'test/packaging', needs: ['electron'], parallel: false },
  {
    name: 'interop',
    title: 'third-party clients and servers',
    folder: 'test/interop',
    needs: [],
    parallel: false,
  },
];

/** Runs the layers; one whose need is absent is counted as skipped, with the reason. */
export async function runLayers(
  chosen: readonly Layer[],
  absent: ReadonlyMap<Need, string>,
): Promise<LayerCount[]> {
  const blocked = (layer: Layer): string | undefined =>
    layer.needs.map((need) => absent.get(need)).find((reason) => reason !== undefined);
  const able = chosen.filter((layer) => blocked(layer) === undefined);
  const counts = new Map<LayerName, LayerCount>();
  for (const parallel of [true, false]) {
    const group = able.filter((layer) => layer.parallel === parallel);
    if (group.length > 0) for (const count of await runGroup(group, parallel)) counts.set(count.name, count);
  }
  return chosen.map((layer) => {
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
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

async function runGroup(group: readonly Layer[], parallel: boolean): Promise<LayerCount[]> {
  const file = `test-results/${parallel ? 'parallel' : 'alone'}.json`;
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  for (const layer of group) args.push('--project', layer.name);
  if (!parallel) args.push('--no-file-parallelism');
  const { code } = await run('vitest', args, { show: true });
  const report: JsonReport = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
  return group.map((layer) => {
    const files = report.testResults.filter((result) => result.name.includes(`/${layer.folder}/`));
    const tests = files.flatMap((result) => result.assertionResults);
    const failed = tests.filter((test) => test.status === 'failed').length;
    // A file that does not even load has no tests, and must not count as nothing.
    const unloadable = files.filter(
      (result) => result.status === 'failed' && result.assertionResults.length === 0,
    );
    const passed = tests.filter((test) => test.status === 'passed').length;
    return {
      name: layer.name,
      title: layer.title,
      passed,
      failed: failed + unloadable.length,
      skipped: tests.length - passed - failed,
      broken: tests.length === 0 || (code !== 0 && failed === 0 && group.length === 1),
      ...(tests.length === 0 ? { note: 'NO TEST RAN' } : {}),
    };
  });
}
