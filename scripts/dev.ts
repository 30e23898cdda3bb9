/**
 * `npm run dev`: the desktop app from the sources. It is built, started, and after each change of main/, shared/ or
 * renderer/ built and started again; when a build fails the app goes on as it was. The windows load the built interface
 * as people get it, with its content security policy: hot reload is `npm run dev:web`. Further words are handed on:
 * `npm run dev -- --data DIR`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { APP_VARIABLE } from './electron-dist.ts';
import { electronHere, sandboxWords } from './electron-here.ts';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
/** An editor that saves all files changes many at once. */
const SETTLE_MS = 300;

const found = await electronHere();
if ('reason' in found) {
  console.error(
    `The app cannot be started, because ${found.reason}. "npm run dev:web" shows the interface in a browser, with hot reload.`,
  );
  process.exit(1);
}
const { executable } = found;
const sandbox = sandboxWords();
let app: ChildProcess | undefined;
let ending = false;

async function build(): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

function start(): void {
  const child = spawn(executable, [...sandbox, root, ...words], {
    stdio: 'inherit',
    env: { ...process.env, [APP_VARIABLE]: root },
  });
  app = child;
  child.on('error', (error) => {
    console.error(`${executable} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => {
    // Quit by its own menu: nothing is left to work on. A restart of ours has replaced or unset it before.
    if (app === child) process.exit(code ?? 1);
  });
}

async function stop(): Promise<void> {
  const child = app;
  app = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    void stop().then(() => process.exit(0));
  });

if (!(await build())) process.exit(1);
start();
console.log('The app runs. It is built and started again after each change of main/, shared/ or renderer/.');

let timer: NodeJS.Timeout | undefined;
let work = Promise.resolve();
const again = async (): Promise<void> => {
  if (ending) return;
  console.log('Something changed: building.');
  if (!(await build())) return console.error('The build failed; the app goes on as it was.');
  if (ending) return;
  await stop();
  start();
};
for (const folder of ['main', 'shared', 'renderer'])
  watch(resolve(root, folder), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      work = work.then(again);
    }, SETTLE_MS);
  });
