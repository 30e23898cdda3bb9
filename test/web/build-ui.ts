import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';
import type { TestProject } from 'vitest/node';
import config from '../../electron.vite.config.ts';

/** Where the interface is built for these tests: apart from out/renderer, which a person may be running. */
export const UI_DIR = fileURLToPath(new URL('../../node_modules/.cache/web-test-ui', import.meta.url));

/** Set while the interface is built already: the files of tests have processes of their own. */
const BUILT = 'DRAWBRIDGE_TEST_UI_BUILT';

/** Before the first file of these tests: one build for all of them, and a new one each time a watched run starts again. */
export default async function setUp(project: TestProject): Promise<void> {
  const rebuild = async (): Promise<void> => {
    delete process.env[BUILT];
    await buildUi();
    process.env[BUILT] = '1';
  };
  project.onTestsRerun(rebuild);
  await rebuild();
}

/**
 * Builds the interface, where that is not done yet, as electron-vite does, from the same configuration. Under the test runner NODE_ENV is `test`,
 * which Vite would keep, and React would be its slow development build, which nobody is given.
 */
export async function buildUi(): Promise<void> {
  if (process.env[BUILT] === '1') return;
  const { renderer } = config as { renderer: InlineConfig };
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await buildRenderer(renderer);
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

async function buildRenderer(renderer: InlineConfig): Promise<void> {
  await build({
    ...renderer,
    configFile: false,
    logLevel: 'warn',
    base: './',
    root: fileURLToPath(new URL('../../renderer', import.meta.url)),
    build: {
      ...renderer.build,
      outDir: UI_DIR,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
    },
  });
}
