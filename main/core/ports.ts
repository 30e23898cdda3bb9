/**
 * Everything the core takes from outside: time, randomness, files, secrets, databases, the machine. Core code never
 * reads process.env, process.argv or Date.now() itself, so that tests can set each of them.
 * Node's own networking, hashing and child processes are used directly.
 */
import type * as fsPromises from 'node:fs/promises';
import type { StartAtLogin } from '../../shared/schemas/start-at-login.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start, never going back. For durations. */
  monotonic(): number;
  /** Runs `fn` once after `ms`; the returned function cancels it. Does not keep the process alive by itself. */
  after(ms: number, fn: () => void): () => void;
  every(ms: number, fn: () => void): () => void;
}

/** The part of node:fs/promises that the core uses; tests put a failing or recording one in its place. */
export type Files = Pick<
  typeof fsPromises,
  | 'readFile'
  | 'writeFile'
  | 'rename'
  | 'unlink'
  | 'mkdir'
  | 'rmdir'
  | 'stat'
  | 'lstat'
  | 'readlink'
  | 'realpath'
  | 'readdir'
  | 'chmod'
  | 'chown'
  | 'open'
  | 'rm'
  | 'utimes'
  | 'access'
  | 'copyFile'
>;

/** The part of node:sqlite's DatabaseSync that is used. Opened by a port: older runtimes need another package. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}
export interface Statement {
  run(...values: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): Record<string, SqlValue> | undefined;
  all(...values: SqlValue[]): Record<string, SqlValue>[];
}
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Wraps the data key of the secret store with the operating system's key store. */
export interface KeyWrap {
  wrap(key: Uint8Array): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
}

/** The machine and the person's account, as clients and servers would see them. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The environment the core was started with. Read only. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The shell of the person's account, for where the environment does not name it (SHELL). */
  readonly loginShell?: string;
  /** A Node binary and the script that runs the stdio bridge: what goes into the entry of a stdio-only client. */
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
}

/** Starting with the computer. A file or task of somebody else's is never replaced or removed. */
export interface StartAtLoginPort {
  get(): Promise<StartAtLogin>;
  /** Resolves with what is then; doing it twice changes nothing. Rejects with an RpcError where the system refuses. */
  set(on: boolean): Promise<StartAtLogin>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, detail?: unknown) => void;

export interface Ports {
  readonly clock: Clock;
  readonly files: Files;
  /** Cryptographically secure. */
  randomBytes(size: number): Buffer;
  openDatabase(path: string): Database;
  /** Absent where there is no OS key store; then a file only this user can read holds the data key. */
  readonly keyWrap?: KeyWrap;
  readonly machine: Machine;
  /**
   * Names of the programs that run now under the person's account: file name of the program, and of the script that an
   * interpreter runs. Null where they cannot be listed. May be a few seconds old.
   */
  processes(): Promise<ReadonlySet<string> | null>;
  /** Absent where the host cannot put it on or off. */
  readonly startAtLogin?: StartAtLoginPort;
  readonly log: Log;
}
