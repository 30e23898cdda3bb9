import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb ?? 0) / 1024;
}

/** Proportional set size of a process in MB: memory that it shares with others is divided among them. 0 when it has ended. */
export function proportionalMb(pid: number): number {
  try {
    const kb = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kb ?? 0) / 1024;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'ENOENT') return 0;
    throw error;
  }
}

/** A process and all that it started, and what those started. */
export function processesBelow(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name in brackets may hold anything; the state and the parent follow its end.
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It ended between the two looks.
    }
  }
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  return below(root);
}

/** Processor time that all threads of a process took so far, in microseconds. */
export function cpuMicros(pid: number): number {
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread ended between the two looks.
    }
  }
  return nanos / 1000;
}

/** Starts a program and waits for the first line of its output that fits; its standard error is kept for the message. */
export async function startUntil(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  fits: (line: string) => boolean,
  limitMs = 30_000,
): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(command[0] as string, command.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const line = await new Promise<string>((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`${command.join(' ')} did not say that it is ready: ${said}`)),
      limitMs,
    );
    const see = (text: string): void => {
      said = `${said}${text}\n`.slice(-4000);
      if (!fits(text)) return;
      clearTimeout(timer);
      done(text);
    };
    createInterface({ input: child.stdout }).on('line', see);
    createInterface({ input: child.stderr }).on('line', see);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`${command.join(' ')} ended (${code}): ${said}`));
    });
  });
  return { child, line };
}

/** Ends a process that we started, hard after 5 s. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}
