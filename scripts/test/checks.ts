import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { LayerCount } from './layers.ts';
import { run } from './run.ts';

/** What the checks remember, so that only what changed is looked at again. */
const CACHE = 'node_modules/.cache';

/**
 * L0: types in each of the four worlds, lint and format, and the direction of imports. As many at once as there are
 * processors; what they say is printed when all are done, because other tests write at the same time.
 */
export async function checks(): Promise<LayerCount> {
  mkdirSync(`${CACHE}/types`, { recursive: true });
  // The longest first.
  const projects = ['tsconfig.test.json', 'tsconfig.json', 'tsconfig.renderer.json', 'tsconfig.shared.json'];
  const all: [string, () => Promise<string | undefined>][] = [
    ...projects.map((project): [string, () => Promise<string | undefined>] => [
      `types ${project}`,
      async () => failure(await run('tsc', typesWords(project))),
    ]),
    ['lint and format', async () => failure(await run('biome', ['check', '--error-on-warnings', '.']))],
    ['boundaries', boundaries],
  ];
  const problems = new Map<string, string | undefined>();
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) problems.set(next[0], await next[1]());
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  let failed = 0;
  for (const [name] of all) {
    const problem = problems.get(name);
    console.log(`${problem === undefined ? 'ok' : 'FAILED'}  L0 ${name}`);
    if (problem === undefined) continue;
    failed += 1;
    console.log(problem.trimEnd());
  }
  return { name: 'L0', title: 'types, lint, boundaries', passed: all.length - failed, failed, skipped: 0 };
}

function typesWords(project: string): string[] {
  return ['-p', project, '--incremental', '--tsBuildInfoFile', `${CACHE}/types/${project}.tsbuildinfo`];
}

function failure(result: { code: number; output: string }): string | undefined {
  return result.code === 0 ? undefined : result.output || `It ended with code ${result.code}.`;
}

/** Also counts the modules: a parser that reads no TypeScript finds no violations either. */
async function boundaries(): Promise<string | undefined> {
  const result = await run('depcruise', [
    ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
    ...['--cache', `${CACHE}/dependency-cruiser`, '--cache-strategy', 'content'],
    ...['main', 'renderer', 'shared'],
  ]);
  if (result.code !== 0) return result.output;
  const modules = Number(/(\d+) modules/.exec(result.output)?.[1] ?? 0);
  return modules >= 100
    ? undefined
    : `Only ${modules} modules were read; the check is blind.\n${result.output}`;
}
