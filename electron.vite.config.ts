import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/**
 * Targets are set by hand: they must also run in the older Electron that stands in for the real one in tests
 * (Node 20.18, Chrome 130). Libraries are bundled, so the packaged app holds no node_modules and the stdio bridge,
 * which a client starts for every session, loads one small file.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20.18',
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: 'main/shell/index.ts',
          'core-process': 'main/host/core-process.ts',
          cli: 'main/host/cli.ts',
          bridge: 'main/host/bridge.ts',
        },
        external: ['electron', '@photostructure/sqlite'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      rollupOptions: {
        input: { bridge: 'main/preload/bridge.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), tailwindcss()],
    build: {
      outDir: 'out/renderer',
      // One page, loaded from disk or loopback: splitting it would only cost time.
      chunkSizeWarningLimit: 1500,
      emptyOutDir: true,
      target: 'chrome130',
      // An inlined asset is a data: URL, which the content security policy refuses.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: 'renderer/index.html' } },
    },
  },
});
