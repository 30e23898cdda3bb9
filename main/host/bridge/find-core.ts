import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../shared/base/message-of.ts';
import { type CoreFile, isAlive, readCoreFile } from '../data-folder/core-file.ts';
import { answers } from './gateway-http.ts';
import { takeStartLock } from './start-lock.ts';

export interface FindOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Program and arguments before `serve` that run the command line of Drawbridge. */
  readonly coreCommand: readonly string[];
  /** How long a core may take to be ready, in milliseconds. */
  readonly startMs: number;
  /** For diagnostics. */
  readonly note: (text: string) => void;
}

const STEP_MS = 50;
const ANSWER_MS = 2000;
/** How long a live core's gateway may refuse before another start is tried: the file may name a foreign process. */
const REFUSING_MS = 2000;
/** How long a failed start is not repeated. */
const FAILED_MS = 5000;
const MAX_LOG = 5 * 1024 * 1024;

/** Finds the core of a data folder, and starts one when none runs. */
export class CoreFinder {
  readonly #o: FindOptions;
  #finding: Promise<CoreFile> | undefined;
  #failed: { error: Error; until: number } | undefined;

  constructor(options: FindOptions) {
    this.#o = options;
  }

  get busy(): boolean {
    return this.#finding !== undefined;
  }

  /** The core that runs and answers now; nothing is started. */
  async running(): Promise<CoreFile | undefined> {
    const core = this.#alive();
    return core && (await answers(core.gateway, ANSWER_MS)) ? core : undefined;
  }

  /**
   * @param patienceMs how long to wait for a core that someone else may be starting again, before starting one
   * @throws Error with a sentence that says what failed and what to do
   */
  find(patienceMs: number): Promise<CoreFile> {
    if (this.#failed && Date.now() < this.#failed.until) return Promise.reject(this.#failed.error);
    this.#finding ??= this.#find(patienceMs)
      .catch((error: Error) => {
        this.#failed = { error, until: Date.now() + FAILED_MS };
        throw error;
      })
      .finally(() => {
        this.#finding = undefined;
      });
    return this.#finding;
  }

  async #find(patienceMs: number): Promise<CoreFile> {
    const began = Date.now();
    let startAt = began + patienceMs;
    const deadline = startAt + this.#o.startMs;
    let release: (() => void) | undefined;
    let child: ChildProcess | undefined;
    let refusal: Error | undefined;
    try {
      for (;;) {
        const core = this.#alive();
        if (core && (await answers(core.gateway, ANSWER_MS))) return core;
        const now = Date.now();
        if (child && (refusal || (child.exitCode ?? 0) !== 0 || child.signalCode)) {
          throw this.#startFailed(refusal?.message ?? `it ended (${child.signalCode ?? child.exitCode})`);
        }
        if (now > deadline)
          throw this.#startFailed(`it was not ready after ${this.#o.startMs / 1000} seconds`);
        if (core) startAt = Math.max(startAt, began + REFUSING_MS);
        if (!child && now >= startAt) {
          release = takeStartLock(this.#o.dataDir, this.#o.startMs + 5000);
          // Another bridge may have started it between the look and the lock.
          if (release && !(await this.running())) {
            child = this.#start();
            child.on('error', (error) => {
              refusal = error;
            });
          }
        }
        await new Promise((done) => setTimeout(done, STEP_MS));
      }
    } finally {
      release?.();
    }
  }

  #alive(): CoreFile | undefined {
    try {
      const core = readCoreFile(this.#o.dataDir);
      return core && isAlive(core.pid) ? core : undefined;
    } catch (error) {
      this.#o.note(messageOf(error));
      return undefined;
    }
  }

  #start(): ChildProcess {
    const { coreCommand, dataDir, note } = this.#o;
    const [program = process.execPath, ...args] = coreCommand;
    const size = statSync(this.#log(), { throwIfNoEntry: false })?.size ?? 0;
    const log = openSync(this.#log(), size > MAX_LOG ? 'w' : 'a', 0o600);
    note('Drawbridge is not running; starting it.');
    // Rarely needed, so not loaded at start.
    const { spawn } = process.getBuiltinModule('node:child_process');
    try {
      // Its own session and folder: it outlives this bridge and the client.
      const child = spawn(program, [...args, 'serve', '--no-open', '--data', dataDir], {
        cwd: dataDir,
        env: coreEnvironment(this.#o.env),
        detached: true,
        // Its standard output has its address with a token, which must not get into a log.
        stdio: ['ignore', 'ignore', log],
        windowsHide: true,
      });
      child.unref();
      return child;
    } finally {
      closeSync(log);
    }
  }

  #log(): string {
    return join(this.#o.dataDir, 'core.log');
  }

  #startFailed(why: string): Error {
    let last = '';
    try {
      const lines = readFileSync(this.#log(), 'utf8').trim().split('\n').slice(-3);
      last = lines.join(' ').trim() && ` Its last lines: ${lines.join(' | ').slice(0, 600)}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#o.note(messageOf(error));
    }
    return new Error(
      `Drawbridge is not running and could not be started: ${why}. Open Drawbridge, or run "drawbridge serve" to see why, then try again.${last}`,
    );
  }
}

/** The client's token is this client's alone, and its runtime flags are not meant for the core. */
function coreEnvironment(env: FindOptions['env']): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !['DRAWBRIDGE_TOKEN', 'DRAWBRIDGE_CLIENT', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE'].includes(entry[0]),
  );
  return Object.fromEntries(kept);
}
