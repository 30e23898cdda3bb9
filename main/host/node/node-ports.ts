import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, userInfo } from 'node:os';
import type { Clock, Database, KeyWrap, Log, Machine, Ports, StartAtLoginPort } from '../../core/ports.ts';
import { createProcessList } from './processes.ts';

/** The real outside world for a core under Node or in an Electron utility process. */
export function nodePorts(options: {
  bridge: Machine['bridge'];
  keyWrap?: KeyWrap;
  startAtLogin?: StartAtLoginPort;
  log: Log;
}): Ports {
  return {
    clock: systemClock,
    files: fsPromises,
    randomBytes: (size) => randomBytes(size),
    openDatabase,
    ...(options.keyWrap ? { keyWrap: options.keyWrap } : {}),
    ...(options.startAtLogin ? { startAtLogin: options.startAtLogin } : {}),
    machine: {
      platform: process.platform,
      home: homeFolder(),
      env: { ...process.env },
      ...loginShell(),
      bridge: options.bridge,
    },
    processes: createProcessList(process.platform, systemClock, options.log),
    log: options.log,
  };
}

/** HOME first: it is what the clients themselves look at, and what a scratch home sets. */
export function homeFolder(): string {
  return (process.platform === 'win32' ? process.env.USERPROFILE : process.env.HOME) || homedir();
}

/** Of the account; nothing where the system does not know the account (a container's number without a name). */
function loginShell(): Pick<Machine, 'loginShell'> {
  try {
    const { shell } = userInfo();
    return shell ? { loginShell: shell } : {};
  } catch {
    return {};
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

type DatabaseConstructor = new (path: string) => Database;

/**
 * `node:sqlite` where the runtime has it (Node 22.13 and later, Electron 45); `@photostructure/sqlite`, which has the same
 * interface, on the older runtime that only tests use.
 */
export function openDatabase(path: string): Database {
  const builtin = process.getBuiltinModule?.('node:sqlite') as
    | { DatabaseSync: DatabaseConstructor }
    | undefined;
  const { DatabaseSync } =
    builtin ??
    (createRequire(import.meta.url)('@photostructure/sqlite') as { DatabaseSync: DatabaseConstructor });
  // Only this user may read it; the files that SQLite puts beside it take over the mode of the first.
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  return new DatabaseSync(path);
}
