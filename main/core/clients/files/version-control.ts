import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Ports } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import { pathOf } from './paths.ts';

type Deps = Pick<Ports, 'files' | 'machine'>;

/** A file that is kept under version control, or would be with the next change that is added. */
export interface Versioned {
  /** For people: git, Mercurial, … */
  readonly by: string;
  /** The folder that is versioned. */
  readonly root: string;
}

/** What lies at the root of a work tree. */
const MARKS: readonly (readonly [mark: string, by: string])[] = [
  ['.git', 'git'],
  ['.jj', 'Jujutsu'],
  ['.hg', 'Mercurial'],
  ['.svn', 'Subversion'],
];

/** Repositories without a work tree of their own that people keep their home folder in. */
const HOME_REPOSITORIES = [
  '{XDG}/yadm/repo.git',
  '~/.local/share/yadm/repo.git',
  '~/.config/yadm/repo.git',
  '~/.cfg',
  '~/.dotfiles',
  '~/.dotfiles.git',
  '~/.dots',
  '~/.myconf',
];

/** A program that does not answer is taken as one that is not there. */
const ANSWER_MS = 10_000;

/**
 * Whether what is written to `path` goes into version control: tracked, or in a work tree and not ignored. The file behind a
 * link counts as well as the link's own place. Null when it does not. Where the program that knows is not there, a file in
 * a work tree is taken to be tracked. Throws the system's error when it cannot be found out: nothing is written then.
 */
export async function versionControlOf(path: string, deps: Deps): Promise<Versioned | null> {
  const target = await deps.files.realpath(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes(errorCode(error) ?? '')) return path;
    throw error;
  });
  for (const each of new Set([target, path])) {
    const found = await inWorkTree(each, deps);
    if (found) return found;
  }
  return inHomeRepository(path, deps);
}

/** Whether something is at a path; what may not be looked at is not versioned by this user either. */
async function isThere(path: string, files: Deps['files']): Promise<boolean> {
  try {
    await files.stat(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function inWorkTree(path: string, deps: Deps): Promise<Versioned | null> {
  const { dirname, join } = pathOf(deps.machine);
  for (let root = dirname(path); ; root = dirname(root)) {
    for (const [mark, by] of MARKS) {
      if (!(await isThere(join(root, mark), deps.files))) continue;
      if (by !== 'git' || (await gitTakes(path, root, [], deps))) return { by, root };
    }
    if (root === dirname(root)) return null;
  }
}

async function inHomeRepository(path: string, deps: Deps): Promise<Versioned | null> {
  const { machine, files } = deps;
  const { join, normalize } = pathOf(machine);
  for (const template of HOME_REPOSITORIES) {
    const place = normalize(
      template
        .replace('{XDG}', machine.env.XDG_DATA_HOME || '~/.local/share')
        .replace(/^~/, () => machine.home),
    );
    const bare =
      (await isThere(join(place, 'HEAD'), files)) && (await isThere(join(place, 'objects'), files));
    // Of a whole home folder only what was added counts: nobody adds the rest by accident.
    if (
      bare &&
      (await tracked(path, machine.home, [`--git-dir=${place}`, `--work-tree=${machine.home}`], deps)) === 0
    )
      return { by: 'git', root: place };
  }
  return null;
}

async function gitTakes(
  path: string,
  root: string,
  options: readonly string[],
  deps: Deps,
): Promise<boolean> {
  if ((await tracked(path, root, options, deps)) === 0) return true;
  return (await git(['check-ignore', '-q', '--', path], root, options, deps)) !== 0;
}

function tracked(path: string, root: string, options: readonly string[], deps: Deps): Promise<number | null> {
  return git(['ls-files', '--error-unmatch', '--', path], root, options, deps);
}

/** The exit code of git; null when it could not be asked. Nothing that a repository's own settings name is started. */
async function git(
  args: readonly string[],
  root: string,
  options: readonly string[],
  { machine }: Deps,
): Promise<number | null> {
  const env = Object.fromEntries(Object.entries(machine.env).filter(([name]) => !name.startsWith('GIT_')));
  const folder = await stat(root).catch(() => undefined);
  if (!folder?.isDirectory()) return null;
  return new Promise((done) => {
    execFile(
      'git',
      [...options, '-c', 'core.fsmonitor=false', ...args],
      { cwd: root, env: { ...env, GIT_OPTIONAL_LOCKS: '0' }, timeout: ANSWER_MS, windowsHide: true },
      (error) => done(error ? (typeof error.code === 'number' ? error.code : null) : 0),
    );
  });
}
