import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How to reach the core that runs for a data folder. The file is readable by its owner only: it holds a token. */
export interface CoreFile {
  readonly pid: number;
  /** `http://127.0.0.1:PORT` */
  readonly gateway: string;
  /** `ws://127.0.0.1:PORT` */
  readonly control: string;
  /** Address of the interface, its token in the fragment; null where the core serves none. */
  readonly ui: string | null;
  /** Of the control connection; no client's. */
  readonly token: string;
  readonly host: 'electron' | 'headless';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

const NAME = 'core.json';

/**
 * The core file of a data folder; undefined when there is none. Its process may be dead: ask {@link isAlive}.
 * @throws Error when the file is there and is not a core file
 */
export function readCoreFile(dir: string): CoreFile | undefined {
  const file = join(dir, NAME);
  let text: string;
  try {
    // A named pipe would keep a command waiting for ever.
    text = statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const found = parsed(text);
  if (!found)
    throw new Error(
      `${file} is damaged. Stop Drawbridge if it runs, delete the file, and start Drawbridge again.`,
    );
  return found;
}

function parsed(text: string): CoreFile | undefined {
  let value: Partial<Record<keyof CoreFile, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, gateway, control, ui = null, token, host, startedAt } = value;
  if (!Number.isSafeInteger(pid) || (pid as number) <= 0) return undefined;
  if (!isLocal(gateway, 'http') || !isLocal(control, 'ws')) return undefined;
  if (typeof token !== 'string' || typeof startedAt !== 'number') return undefined;
  if (ui !== null && typeof ui !== 'string') return undefined;
  if (host !== 'electron' && host !== 'headless') return undefined;
  return { pid: pid as number, gateway, control, ui, token, host, startedAt };
}

/** Tokens are sent there, so it must be this machine. */
function isLocal(value: unknown, scheme: 'http' | 'ws'): value is string {
  return (
    typeof value === 'string' && new RegExp(`^${scheme}://(127\\.0\\.0\\.1|\\[::1\\]):\\d{1,5}$`).test(value)
  );
}

/** Writes the file as a whole, mode 0600; a reader never sees half of it. */
export function writeCoreFile(dir: string, info: CoreFile): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const temporary = join(dir, `.${NAME}.${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(temporary, `${JSON.stringify(info)}\n`, { mode: 0o600, flag: 'wx' });
    // A umask can only take rights away; this makes sure of the rest.
    chmodSync(temporary, 0o600);
    renameSync(temporary, join(dir, NAME));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes the file when it is that process's own. May be called while a process ends. */
export function removeCoreFile(dir: string, pid: number): void {
  if (readCoreFile(dir)?.pid === pid) rmSync(join(dir, NAME), { force: true });
}

/** Whether a process with this id runs, of this user or another. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
