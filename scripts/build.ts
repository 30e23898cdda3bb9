import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { forgetBuild, isBuilt, noteBuild } from './built.ts';

/** `npm run build`: builds everything, and notes of what, so that `npm start` builds only what changed. */
const ROOT = resolve(import.meta.dirname, '..');

export function build(): void {
  forgetBuild(ROOT);
  execFileSync(
    process.execPath,
    [resolve(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: ROOT, stdio: 'inherit' },
  );
  noteBuild(ROOT);
}

export function buildIfNeeded(): void {
  if (!isBuilt(ROOT)) build();
}

if (process.argv[1] === import.meta.filename) {
  try {
    build();
  } catch {
    // What is wrong stands above, in the words of the builder.
    process.exitCode = 1;
  }
}
