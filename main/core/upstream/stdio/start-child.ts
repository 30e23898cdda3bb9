import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { sentences } from '../../../../shared/text/sentences.ts';
import type { ShellState } from '../../login-shell/index.ts';
import type { ResolvedStdio, UpstreamPorts } from '../types.ts';
import { childEnvironment, namedByArguments, pathOf, withShell } from './child-env.ts';
import { findProgram, StartError } from './command.ts';
import { foreignNote, whyNotStarted } from './program-file.ts';

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;
export interface Started {
  readonly child: Child;
  /** Something about the program that explains why it does not run, should it end at once. */
  readonly note: string | undefined;
}

/**
 * Starts a server's program in a process group of its own and resolves when it runs.
 * @param shell gives the search path, and variables that ours lack
 * @throws StartError with a sentence for people
 */
export async function startChild(
  config: ResolvedStdio,
  shell: ShellState,
  { machine, files }: Pick<UpstreamPorts, 'machine' | 'files'>,
): Promise<Started> {
  const { platform } = machine;
  const ours = withShell(machine.env, shell, platform);
  const named = namedByArguments(config.command, config.args).flatMap((name): [string, string][] => {
    const value = ours[name] ?? shell.variable(name);
    return value === undefined ? [] : [[name, value]];
  });
  const own = { ...Object.fromEntries(named), ...config.env };
  const env = childEnvironment(platform, ours, own, shell.path);
  const cwd = config.cwd ?? machine.home;
  const program = await findProgram({
    command: config.command,
    args: config.args,
    cwd,
    env,
    path: pathOf(platform, env),
    unknown: sentences(shell.problem ?? undefined, shell.fix ?? undefined),
    platform,
    files,
  });
  const refused = async (error: NodeJS.ErrnoException): Promise<StartError> =>
    new StartError(
      `${program.file} could not be started: ${await whyNotStarted(error, program.file, platform, files)}`,
    );
  const note = await foreignNote(program.file, platform, files);
  let child: Child;
  try {
    child = spawn(program.file, program.args, {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: program.verbatim,
    });
  } catch (error) {
    throw await refused(error as NodeJS.ErrnoException);
  }
  return new Promise((done, fail) => {
    child.once('spawn', () => done({ child, note }));
    child.once('error', (error) => void refused(error).then(fail));
  });
}
