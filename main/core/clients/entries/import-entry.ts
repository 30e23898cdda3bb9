import { readPlainFile, whyNotRead } from '../../base/plain-file.ts';
import type { LoginShell, ShellState } from '../../login-shell/index.ts';
import type { Machine, Ports } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import { exists, pathOf } from '../files/paths.ts';
import type { Dialect } from '../table/index.ts';
import type { Draft } from './draft.ts';
import { type ReadOptions, readDraft } from './read-draft.ts';
import { CannotRoute, UnsetVariable } from './variables.ts';

/** Longer ones hold no token. */
const LONGEST_BYTES = 64 * 1024;

/** An entry takes something from a file that was not read yet. */
class NeedsFile extends Error {
  readonly path: string;
  constructor(path: string) {
    super(path);
    this.path = path;
  }
}

export interface ImportDeps {
  readonly ports: Pick<Ports, 'files' | 'machine'>;
  readonly loginShell?: Pick<LoginShell, 'look'>;
}

/**
 * Reads an entry, and the files it takes values from (`{file:path}`, `${file:path}`, envFile). Relative ones are looked for
 * in the folder of `configFile`. The login shell is asked for variables that ours lack. Throws {@link CannotRoute} as readDraft does, and when such a file cannot be read.
 */
export async function importEntry(
  written: unknown,
  dialect: Dialect,
  project: string | null,
  configFile: string,
  { ports, loginShell }: ImportDeps,
): Promise<Draft> {
  const { machine } = ports;
  let shell: ShellState | undefined;
  const texts = new Map<string, string>();
  const options: ReadOptions = {
    get shell() {
      return shell;
    },
    file(name) {
      const path = placeOf(name, configFile, machine);
      const text = texts.get(path);
      if (text === undefined) throw new NeedsFile(path);
      return text;
    },
  };
  for (;;) {
    try {
      const draft = readDraft(written, dialect, machine, project, options);
      await mustBeProgram(draft, ports);
      return draft;
    } catch (error) {
      if (error instanceof UnsetVariable && loginShell && !shell) {
        shell = await loginShell.look();
        continue;
      }
      if (!(error instanceof NeedsFile)) throw error;
      texts.set(error.path, await textOf(error.path, ports));
    }
  }
}

/**
 * A whole command line in the place of a program is started by nobody: it is said before it is routed. A program whose own
 * name holds a blank is told from it by what is on the disk.
 */
async function mustBeProgram(draft: Draft, { files }: Pick<Ports, 'files'>): Promise<void> {
  if (draft.kind !== 'stdio' || !/\s/.test(draft.command)) return;
  if (await exists(draft.command, files)) return;
  const first = draft.command.trim().split(/\s/)[0] as string;
  if (/[\\/]/.test(first) && !(await exists(first, files))) return;
  throw new CannotRoute(
    `Its command is a whole line, and no program of that name is there. Leave ${first} in command, and put each of the other words into args.`,
  );
}

function placeOf(name: string, configFile: string, machine: Machine): string {
  const { isAbsolute, join, dirname, normalize } = pathOf(machine);
  const path = name.replace(/^~(?=[\\/]|$)/, () => machine.home);
  return isAbsolute(path) ? normalize(path) : join(dirname(configFile), path);
}

async function textOf(path: string, { files }: Pick<Ports, 'files'>): Promise<string> {
  try {
    const { size } = await files.stat(path);
    if (size > LONGEST_BYTES)
      throw new CannotRoute(`It takes a value from ${path}, which is too long for one.`);
    const bytes = await readPlainFile(path, files);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof CannotRoute) throw error;
    const why =
      errorCode(error) === 'ENOENT'
        ? 'is not there'
        : `cannot be read${error instanceof TypeError ? '' : `: it ${whyNotRead(error)}`}`;
    throw new CannotRoute(`It takes a value from ${path}, which ${why}.`);
  }
}
