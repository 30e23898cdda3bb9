import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * How long a test or a hook may take. None of them measures time: this only ends what will never end, and must be longer
 * than `until` waits (test/kit/until.ts), which says what it saw last.
 */
const PATIENCE_MS = 180_000;

type ProjectOptions = NonNullable<TestProjectInlineConfiguration['test']>;

/** What all layers share. */
const layer = (name: string, include: string, more: ProjectOptions = {}) => ({
  test: {
    name,
    include: [include],
    environment: 'node',
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    expect: { poll: { timeout: 60_000 } },
    env: {
      // Programs that tests start run from their TypeScript; read from this cache they start in a third of the time.
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
      // Each core asks the login shell. What a developer's own shell does at its start must not decide how long tests take.
      SHELL: '/bin/sh',
    },
    ...more,
  } satisfies ProjectOptions,
});
/** Files that leave nothing behind share a process: most of their time would be loading the same modules again. */
const together: ProjectOptions = { isolate: false };

/** One project a layer, named as in ARCHITECTURE.md; scripts/test.ts runs them and counts each. */
export default defineConfig({
  test: {
    tags: [
      {
        name: 'slow',
        description:
          'Real processes, large files, thousands of cases or real waiting. Not among the quick tests. A whole file is marked with @module-tag.',
        timeout: 600_000,
      },
    ],
    projects: [
      layer('L1', 'test/core/**/*.test.ts', together),
      layer('L2', 'test/servers/**/*.test.ts'),
      layer('L3', 'test/contract/**/*.test.ts', together),
      layer('L4', 'test/shell/**/*.test.ts', together),
      {
        plugins: [react()],
        ...layer('L5', 'test/renderer/**/*.test.tsx', {
          ...together,
          environment: 'jsdom',
          setupFiles: ['test/renderer/setup.ts'],
        }),
      },
      layer('L6', 'test/web/**/*.test.ts', { globalSetup: 'test/web/build-ui.ts' }),
      layer('L7', 'test/electron/**/*.test.ts'),
      layer('L8', 'test/packaging/**/*.test.ts', { testTimeout: 600_000, hookTimeout: 600_000 }),
      layer('interop', 'test/interop/**/*.test.ts'),
    ],
  },
});
