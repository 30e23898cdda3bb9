import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, node, programOf } from '../kit.ts';
import { requirementsOf } from './requirements.ts';

export type Status = 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly errorMessage?: string;
}
/** The checks of every scenario of one run, by scenario. A scenario that broke has the one check `broken`. */
export type Results = ReadonlyMap<string, readonly Check[]>;

const LIMIT_MS = 180_000;

/**
 * Runs the official suite's requirements of a revision against a server.
 * @param name of the folder in the home that the suite writes its results to
 */
export async function runSuite(home: Home, name: string, url: string, revision: string): Promise<Results> {
  const out = join(home.dir, name);
  const said = await run(home, ['server', '--url', url, '-o', out, '--requirements', revision]);
  const { scored, unscored } = requirementsOf(revision);
  return new Map([...scored, ...unscored].map((scenario) => [scenario, checksOf(out, scenario, said)]));
}

/** Runs one scenario of a requirement set, alone. */
export async function runScenario(
  home: Home,
  name: string,
  url: string,
  { revision, scenario }: { revision: string; scenario: string },
): Promise<readonly Check[]> {
  const out = join(home.dir, name);
  // A requirement set also holds scenarios that are not of the revision itself (extensions): they need to be forced.
  const which = ['--scenario', scenario, '--spec-version', revision, '--force'];
  const said = await run(home, ['server', '--url', url, '-o', out, ...which]);
  return checksOf(out, scenario, said);
}

interface Said {
  readonly stdout: string;
  readonly code: number | null;
}
function checksOf(out: string, scenario: string, { stdout, code }: Said): readonly Check[] {
  // A folder is called server-<scenario>-<time>; another scenario's name may begin with this one.
  const folder = listed(out).find(
    (entry) => /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry)?.[1] === scenario,
  );
  const checks = folder === undefined ? undefined : read(join(out, folder, 'checks.json'));
  const broken = `The suite wrote no result (exit ${code}). Its last words: ${stdout.slice(-2000)}`;
  return checks ?? [{ id: 'broken', name: 'Broken', status: 'FAILURE', errorMessage: broken }];
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
function read(file: string): Check[] | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Check[];
  } catch {
    return undefined;
  }
}

function run(home: Home, args: string[]): Promise<Said> {
  return new Promise((resolve, reject) => {
    const program = programOf('@modelcontextprotocol/conformance');
    const child = spawn(node, [program, ...args], { env: home.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        stdout += chunk;
      });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ stdout, code });
    });
  });
}
