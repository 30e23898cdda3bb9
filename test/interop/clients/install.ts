import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** One program of `programs.json`: an exact version, and whether its package may run an install script. */
interface Program {
  readonly package: string;
  readonly version: string;
  readonly program: string;
  readonly installScript: boolean;
}
export interface Installed {
  readonly file: string;
  readonly version: string;
}

const PROGRAMS = JSON.parse(readFileSync(join(import.meta.dirname, 'programs.json'), 'utf8')) as Record<
  string,
  Program
>;

/** Where the programs are kept between runs: they are large, and not dependencies of ours. */
const CACHE = process.env.DRAWBRIDGE_TEST_CLIENTS ?? join(homedir(), '.cache', 'drawbridge-test', 'clients');

/**
 * Path of a client's program, installed from npm when the cache has not got it. Half an installation never counts.
 * @throws Error with npm's own words
 */
export async function install(id: string): Promise<Installed> {
  const wanted = PROGRAMS[id];
  if (!wanted) throw new Error(`programs.json has no ${id}.`);
  const { package: name, version, program, installScript } = wanted;
  const dir = join(CACHE, `${name.replace('/', '+')}@${version}`);
  const file = join(dir, 'node_modules', '.bin', program);
  if (existsSync(file)) return { file, version };
  const making = `${dir}.${process.pid}`;
  console.log(`   installing ${name}@${version} …`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const manifest = { private: true, allowScripts: { [name]: installScript } };
  writeFileSync(join(making, 'package.json'), JSON.stringify(manifest));
  const words = [
    'install',
    '--loglevel',
    'error',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `${name}@${version}`,
  ];
  await new Promise<void>((done, fail) => {
    execFile('npm', words, { cwd: making, maxBuffer: 16 * 1024 * 1024 }, (error, _out, errors) => {
      if (!error) return done();
      rmSync(making, { recursive: true, force: true });
      fail(new Error(`${name}@${version} was not installed: ${errors.trim()}`));
    });
  });
  renameSync(making, dir);
  return { file, version };
}
