import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fixGatewayPort } from '../kit/free-port.ts';

export { until } from '../kit/until.ts';

export const root = join(import.meta.dirname, '..', '..');
export const node = process.execPath;

/** The command line under test: the built one, or a file of the sources while working on them. */
const CLI = process.env.DRAWBRIDGE_TEST_CLI ?? join(root, 'bin/drawbridge.mjs');

/** A home of its own for one test: nothing of the real one is read or written. */
export interface Home {
  readonly dir: string;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  write(path: string, text: string): string;
  read(path: string): string;
  /** Every file below the home (or a folder of it), with its bytes. */
  files(under?: string): { path: string; bytes: Buffer }[];
  remove(): void;
}

export function scratchHome(): Home {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-home-'));
  const data = join(dir, 'drawbridge-data');
  fixGatewayPort(data);
  return {
    dir,
    data,
    env: { HOME: dir, PATH: process.env.PATH, DRAWBRIDGE_DATA: data, SHELL: '/bin/sh' },
    write(path, text) {
      const file = join(dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    files: (under = '.') => walk(join(dir, under)).map((path) => ({ path, bytes: readFileSync(path) })),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function walk(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Standard output as JSON (for --json). */
  json(): unknown;
}

/** Runs `drawbridge …` to its end. */
export function drawbridge(home: Home, ...args: string[]): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile(
      node,
      [CLI, ...args],
      { env: home.env, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) });
      },
    );
  });
}

export interface Serving {
  readonly gateway: string;
  readonly ui: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** What it wrote to standard error so far. */
  said(): string;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts `drawbridge serve --json` and reads its first line. */
export async function serve(home: Home, ...args: string[]): Promise<Serving> {
  const child = spawn(node, [CLI, 'serve', '--json', '--no-open', ...args], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    exited.then(() => {
      throw new Error(`serve ended at once: ${errors}`);
    }),
  ]);
  const info = JSON.parse(first) as { gateway: string; ui: string; pid: number; error?: { message: string } };
  if (info.error) throw new Error(`serve did not start: ${info.error.message}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    process.kill(info.pid, signal);
    await exited;
  };
  return {
    ...info,
    process: child,
    said: () => errors,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** The JavaScript entry of a package's program, from its `bin`. */
export function programOf(packageName: string): string {
  const dir = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : Object.values(bin)[0];
  if (file === undefined) throw new Error(`${packageName} has no program`);
  return join(dir, file);
}

/** Whether a process is alive (a zombie is not). */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** All living processes whose command line holds `text`. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text) && alive(pid)
        );
      } catch {
        return false;
      }
    });
}
