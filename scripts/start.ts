/**
 * `npm start`: builds what changed since the last time, usually nothing; then the desktop app where there is a display and an Electron, otherwise the same core with its interface in the
 * browser, with one line that says why. Further words are handed on: `npm start -- --data DIR`.
 */

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { CORE_NODE_FLAGS } from '../main/host/node/core-flags.ts';
import { buildIfNeeded } from './build.ts';
import { APP_VARIABLE } from './electron-dist.ts';
import { electronHere, sandboxWords } from './electron-here.ts';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);

try {
  buildIfNeeded();
} catch {
  // What is wrong stands above, in the words of the builder.
  process.exit(1);
}
const found = await electronHere();
let command: string;
let args: string[];
if ('executable' in found) {
  command = found.executable;
  args = [...sandboxWords(), root, ...words];
} else {
  console.log(`Drawbridge runs headless, in your browser instead of a window, because ${found.reason}.`);
  command = process.execPath;
  args = [...CORE_NODE_FLAGS, resolve(root, 'out/main/cli.js'), 'serve', ...words];
}
const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, [APP_VARIABLE]: root } });
// Ctrl-C reaches the child by itself; this process waits for it to end in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (signal === 'SIGTERM') child.kill(signal);
  });
child.on('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
