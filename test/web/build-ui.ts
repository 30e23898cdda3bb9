import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';
import config from '../../electron.vite.config.ts';

/** Where the interface is built for these tests: apart from out/renderer, which a person may be running. */
export const UI_DIR = fileURLToPath(new URL('../../node_modules/.cache/web-test-ui', import.meta.url));

/** Builds the interface as electron-vite does, from the same configuration. */
export async function buildUi(): Promise<void> {
  const { renderer } = config as { renderer: InlineConfig };
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
