import type { LayerCount } from './layers.ts';
import { run } from './run.ts';

/** L0: types in each of the four worlds, lint and format, and the direction of imports. */
export async function checks(): Promise<LayerCount> {
  const projects = ['tsconfig.json', 'tsconfig.shared.json', 'tsconfig.renderer.json', 'tsconfig.test.json'];
  const all: [string, () => Promise<string | undefined>][] = [
    ...projects.map((project): [string, () => Promise<string | undefined>] => [
      `types ${project}`,
      async () => failure(await run('tsc', ['-p', project])),
    ]),
    ['lint and format', async () => failure(await run('biome', ['check', '--error-on-warnings', '.']))],
    ['boundaries', boundaries],
  ];
  let failed = 0;
  for (const [name, check] of all) {
    const problem = await check();
    console.log(`${problem === undefined ? 'ok' : 'FAILED'}  L0 ${name}`);
    if (problem === undefined) continue;
    failed += 1;
    console.log(problem.trimEnd());
  }
  return { name: 'L0', title: 'types, lint, boundaries', passed: all.length - failed, failed, skipped: 0 };
}

function failure(result: { code: number; output: string }): string | undefined {
  return result.code === 0 ? undefined : result.output;
}

/** Also counts the modules: a parser that reads no TypeScript finds no violations either. */
async function boundaries(): Promise<string | undefined> {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'main', 'renderer', 'shared'];
  const result = await run('depcruise', args);
  if (result.code !== 0) return result.output;
  const modules = Number(/(\d+) modules/.exec(result.output)?.[1] ?? 0);
  return modules >= 100
    ? undefined
    : `Only ${modules} modules were read; the check is blind.\n${result.output}`;
}
