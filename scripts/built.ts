import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a build is made of: a file that is changed, added or deleted here makes the last one old. */
const SOURCES = [
  'main',
  'renderer',
  'shared',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];
const OUT = 'out';
/** Beside what is built: goes with it. */
const STAMP = join(OUT, '.built.json');

interface Stamp {
  readonly sources: string;
  /** Built files with their sizes: one that is gone or cut makes the build old, too. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** Whether what lies in `out/` was built from the sources as they are now, and is all there. */
export function isBuilt(root: string): boolean {
  try {
    const stamp = JSON.parse(readFileSync(join(root, STAMP), 'utf8')) as Stamp;
    return (
      stamp.sources === digestOf(root) &&
      Object.entries(stamp.outputs).every(([file, size]) => statSync(join(root, OUT, file)).size === size)
    );
  } catch {
    // Never built, a build that was broken off, or one of its files is gone.
    return false;
  }
}

/** Notes that `out/` was just built from the sources as they are now. */
export function noteBuild(root: string): void {
  const outputs = Object.fromEntries(
    filesBelow(join(root, OUT)).map((file) => [relative(join(root, OUT), file), statSync(file).size]),
  );
  writeFileSync(join(root, STAMP), JSON.stringify({ sources: digestOf(root), outputs } satisfies Stamp));
}

export function forgetBuild(root: string): void {
  rmSync(join(root, STAMP), { force: true });
}

function digestOf(root: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    if (!existsSync(path)) continue;
    for (const file of statSync(path).isDirectory() ? filesBelow(path) : [path]) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith('.built.json'))
    .sort();
}
