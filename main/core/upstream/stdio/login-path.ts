import { spawn } from 'node:child_process';
import { messageOf } from '../../../../shared/base/message-of.ts';
import type { LoginPath, UpstreamPorts } from '../types.ts';

const LIMIT_MS = 3000;
const MARK = '__drawbridge_path__';
const MAX_OUTPUT = 1024 * 1024;

/**
 * Asks the person's login shell for its PATH, once. Programs started from a desktop have a bare PATH, where neither
 * npx nor uvx is found. Failing to ask is not an error: our own PATH is used and the detail says why.
 */
export function createLoginPath(
  ports: Pick<UpstreamPorts, 'clock' | 'machine' | 'log'>,
  limitMs: number = LIMIT_MS,
): () => Promise<LoginPath> {
  let asked: Promise<LoginPath> | undefined;
  return () => {
    asked ??= resolve(ports, limitMs);
    return asked;
  };
}

async function resolve(
  { clock, machine, log }: Pick<UpstreamPorts, 'clock' | 'machine' | 'log'>,
  limitMs: number,
): Promise<LoginPath> {
  const own = machine.env.PATH ?? machine.env.Path;
  if (machine.platform === 'win32') {
    const detail = 'Windows programs get the same PATH however they are started.';
    return { path: own, source: 'environment', shell: undefined, detail };
  }
  const shell = machine.env.SHELL || (machine.platform === 'darwin' ? '/bin/zsh' : '/bin/sh');
  const started = clock.monotonic();
  try {
    const found = await ask(shell, machine, (fn) => clock.after(limitMs, fn), limitMs);
    const detail = `Asked ${shell} in ${Math.round(clock.monotonic() - started)} ms.`;
    return { path: mergePaths(found, own), source: 'login-shell', shell, detail };
  } catch (error) {
    const detail = `${shell} could not be asked for its PATH: ${messageOf(error)}. The PATH Drawbridge was started with is used.`;
    log('warn', detail);
    return { path: own, source: 'environment', shell, detail };
  }
}

/** Runs the shell as login and interactive, since people set PATH in either kind of start-up file. */
function ask(
  shell: string,
  machine: UpstreamPorts['machine'],
  after: (fn: () => void) => () => void,
  limitMs: number,
): Promise<string> {
  return new Promise((done, fail) => {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(machine.env)) {
      if (
        value !== undefined &&
        !/^(DRAWBRIDGE_|NODE_OPTIONS$|ELECTRON_RUN_AS_NODE$|LD_PRELOAD$)/.test(name)
      ) {
        env[name] = value;
      }
    }
    // `detached` gives it a session of its own: an interactive shell would otherwise take our terminal.
    const child = spawn(shell, ['-l', '-i', '-c', `echo ${MARK}; printenv PATH; echo ${MARK}`], {
      env,
      cwd: machine.home,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    const finish = (error?: Error): void => {
      cancel();
      killGroup(child.pid);
      child.stdout.destroy();
      const value = text.split(MARK)[1]?.trim();
      if (value) done(value);
      else fail(error ?? new Error('it printed no PATH'));
    };
    const cancel = after(() => finish(new Error(`it did not answer within ${limitMs} ms`)));
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece: string) => {
      text += piece;
      if (text.split(MARK).length > 2) finish();
      else if (text.length > MAX_OUTPUT) finish(new Error('it printed too much'));
    });
    child.on('error', finish);
    child.on('close', () => finish());
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The shell's folders before ours, each once; ours as it is where it holds them all (we were started in a terminal). */
export function mergePaths(login: string, own: string | undefined): string {
  const split = (path: string): string[] => path.split(':').filter((folder) => folder !== '');
  const ours = split(own ?? '');
  const theirs = split(login);
  if (theirs.every((folder) => ours.includes(folder))) return [...new Set(ours)].join(':');
  return [...new Set([...theirs, ...ours])].join(':');
}
