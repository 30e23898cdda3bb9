import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';
import config from '../../electron.vite.config.ts';

/** Where the interface is built for these tests: apart from out/renderer, which a person may be running. */
export const UI_DIR = fileURLToPath(new URL('../../node_modules/.cache/web-test-ui', import.meta.url));

/**
 * Builds the interface as electron-vite does, from the same configuration. Under the test runner NODE_ENV is `test`,
 * which Vite would keep, and React would be its slow development build, which nobody is given.
 */
export async function buildUi(): Promise<void> {
  const { renderer } = config as { renderer: InlineConfig };
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await buildRenderer(renderer);
  } finally {
    process.env.NODE_ENV = before;
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
