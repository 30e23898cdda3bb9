import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../ports.ts';

const POLL_MS = 20;
const AFTER_KILL_MS = 1000;

/** True while any process of the child's group lives (POSIX), or the child itself (Windows). */
export function groupAlive(child: ChildProcess, platform: NodeJS.Platform): boolean {
  if (child.pid === undefined) return false;
  if (platform === 'win32') return !ended(child);
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch (error) {
    // EPERM: the group is there, and holds a process that changed its user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface EndOptions {
  readonly clock: Pick<Clock, 'after'>;
  readonly platform: NodeJS.Platform;
  /** How long each step may take, in milliseconds. */
  readonly stepMs: number;
}

/**
 * Ends a child and every process it started in its group: end of input, wait, SIGTERM, wait, SIGKILL (MCP 2025-11-25,
 * lifecycle, shutdown; on Windows taskkill of the tree). Resolves when none is left.
 */
export async function endGroup(child: ChildProcess, options: EndOptions): Promise<void> {
  // The clock's timers let the process end; it must not end with a group half killed.
  const hold = setInterval(() => {}, 60_000);
  try {
    await endInSteps(child, options);
  } finally {
    clearInterval(hold);
  }
}

async function endInSteps(child: ChildProcess, options: EndOptions): Promise<void> {
  const { platform, stepMs } = options;
  if (child.pid === undefined) return;
  child.stdin?.end();
  // A child that ended by itself had its time to end; what it left behind gets no more.
  if (!ended(child) && (await goneWithin(child, stepMs, options))) return;
  if (platform === 'win32') {
    if (!ended(child)) await killTree(child.pid);
    await goneWithin(child, AFTER_KILL_MS, options);
    return;
  }
  if (!groupAlive(child, platform)) return;
  signal(child.pid, 'SIGTERM');
  if (await goneWithin(child, stepMs, options)) return;
  signal(child.pid, 'SIGKILL');
  await goneWithin(child, AFTER_KILL_MS, options);
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The group has no event of its own for its end, so it is looked at. */
async function goneWithin(
  child: ChildProcess,
  ms: number,
  { clock, platform }: EndOptions,
): Promise<boolean> {
  for (let waited = 0; ; waited += POLL_MS) {
    if (!groupAlive(child, platform)) return true;
    if (waited >= ms) return false;
    await new Promise<void>((done) => clock.after(POLL_MS, done));
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ESRCH: gone in the meantime. EPERM: a process that changed its user; the others got the signal.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function killTree(pid: number): Promise<void> {
  return new Promise((done) => {
    const killer = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], {
      stdio: 'ignore',
      windowsHide: true,
    });
    killer.on('error', () => done());
    killer.on('close', () => done());
  });
}
