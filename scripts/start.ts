/**
 * `npm start`: the desktop app where there is a display and an Electron, otherwise the same core with its interface in the
 * browser, with one line that says why. Further words are handed on: `npm start -- --data DIR`.
 */

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { CORE_NODE_FLAGS } from '../main/host/node/core-flags.ts';
import { messageOf } from '../shared/base/message-of.ts';
import { APP_VARIABLE, electronExecutable, findElectron } from './electron-dist.ts';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);

/** Why there is no desktop to show a window on, or undefined where there is one. */
function noDisplay(): string | undefined {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return undefined;
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

async function electronHere(): Promise<{ executable: string } | { reason: string }> {
  const reason = noDisplay();
  if (reason) return { reason };
  try {
    const dist = await findElectron({ allowStandIn: false });
    if (dist) return { executable: electronExecutable(dist) };
    return { reason: 'Electron is not downloaded (npx install-electron does that)' };
  } catch (error) {
    return { reason: messageOf(error).replace(/\.$/, '') };
  }
}

const found = await electronHere();
let command: string;
let args: string[];
if ('executable' in found) {
  command = found.executable;
  args = [root, ...words];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log("Started as root: Chromium's own sandbox cannot be used, so --no-sandbox is added.");
    args.unshift('--no-sandbox');
  }
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
