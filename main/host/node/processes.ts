import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Clock, Log, Ports } from '../../core/ports.ts';

const run = promisify(execFile);

/** How long an answer stands: every file that changes asks again, and on Windows one answer takes half a second. */
const KEEP_MS = 3_000;
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 16 * 1024 * 1024;

/** Programs that run another one, which is the one to know. */
const INTERPRETERS = /^(?:node|nodejs|bun|deno|python[\d.]*)$/;
const SCRIPT = /\.(?:js|mjs|cjs|ts|py)$/;

/** Lists the person's programs, see {@link Ports.processes}. Asks the system at most once in three seconds. */
export function createProcessList(
  platform: NodeJS.Platform,
  clock: Pick<Clock, 'monotonic'>,
  log: Log,
): Ports['processes'] {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<ReadonlySet<string> | null> = Promise.resolve(null);
  return () => {
    if (clock.monotonic() - asked > KEEP_MS) {
      asked = clock.monotonic();
      answer = namesOn(platform).catch((error: unknown) => {
        log('warn', 'The running programs could not be listed', error);
        return null;
      });
    }
    return answer;
  };
}

async function namesOn(platform: NodeJS.Platform): Promise<ReadonlySet<string> | null> {
  if (platform === 'linux') return linuxNames();
  if (platform === 'darwin') {
    const [programs, lines] = await Promise.all([
      output('/bin/ps', ['-xww', '-o', 'comm=']),
      output('/bin/ps', ['-xww', '-o', 'args=']),
    ]);
    return macNames(programs, lines);
  }
  if (platform === 'win32') return windowsNames(await output('tasklist', ['/fo', 'csv', '/nh']));
  return null;
}

async function output(program: string, args: readonly string[]): Promise<string> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT, windowsHide: true };
  return (await run(program, [...args], options)).stdout;
}

async function linuxNames(): Promise<Set<string>> {
  const mine = process.getuid?.();
  const names = new Set<string>();
  const look = async (pid: string): Promise<void> => {
    try {
      if ((await stat(`/proc/${pid}`)).uid !== mine) return;
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      for (const name of namesOf(words)) names.add(name);
    } catch {
      // It ended while it was looked at.
    }
  };
  await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(look));
  return names;
}

/** From what `ps` prints: one list of programs by path, one of command lines. */
export function macNames(programs: string, lines: string): Set<string> {
  const names = new Set(
    programs
      .split('\n')
      .map((line) => baseName(line.trim()))
      .filter((name) => name !== ''),
  );
  for (const line of lines.split('\n')) for (const name of namesOf(line.trim().split(/\s+/))) names.add(name);
  return names;
}

/** From what `tasklist` prints: the name is the first of the quoted columns. */
export function windowsNames(csv: string): Set<string> {
  return new Set([...csv.matchAll(/^"([^"]+)"/gm)].map(([, name]) => name as string));
}

/** The names a command line goes by: of its program, and of the script that this program runs. */
export function namesOf(words: readonly string[]): string[] {
  const program = baseName(words[0] ?? '');
  if (program === '') return [];
  if (!INTERPRETERS.test(program)) return [program];
  const script = baseName(words.slice(1).find((word) => word !== '' && !word.startsWith('-')) ?? '');
  return [program, script, script.replace(SCRIPT, '')].filter((name) => name !== '');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
