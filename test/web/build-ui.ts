import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';
import type { TestProject } from 'vitest/node';
import config from '../../electron.vite.config.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
/** Tells the files of tests, which have processes of their own, where the interface was built. */
const BUILT = 'DRAWBRIDGE_TEST_UI';

/**
 * Before the first file of these tests: one build for all of them, and a new one each time a watched run starts again. It
 * is in a folder of this run: out/renderer may be what a person runs, and other tests may run beside these.
 */
export default async function setUp(project: TestProject): Promise<() => void> {
  mkdirSync(CACHE, { recursive: true });
  const dir = mkdtempSync(`${CACHE}/web-test-ui-`);
  project.onTestsRerun(() => buildUi(dir));
  await buildUi(dir);
  process.env[BUILT] = dir;
  return () => rmSync(dir, { recursive: true, force: true });
}

/** Where the interface was built for these tests. */
export function uiDir(): string {
  const dir = process.env[BUILT];
  if (!dir)
    throw new Error('The interface was not built: these tests run in the layer L6, which builds it first.');
  return dir;
}

/**
 * Builds the interface as electron-vite does, from the same configuration. Under the test runner NODE_ENV is `test`, which
 * Vite would keep, and React would be its slow development build, which nobody is given.
 */
async function buildUi(dir: string): Promise<void> {
  const { renderer } = config as { renderer: InlineConfig };
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      ...renderer,
      configFile: false,
      logLevel: 'warn',
      base: './',
      root: fileURLToPath(new URL('../../renderer', import.meta.url)),
      build: {
        ...renderer.build,
        outDir: dir,
        emptyOutDir: true,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 2000,
      },
    });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
