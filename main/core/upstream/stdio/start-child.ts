import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ResolvedStdio, UpstreamPorts } from '../types.ts';
import { childEnvironment, pathOf } from './child-env.ts';
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
 * @param path the search path for servers (login shell's and ours)
 * @throws StartError with a sentence for people
 */
export async function startChild(
  config: ResolvedStdio,
  path: string | undefined,
  { machine, files }: Pick<UpstreamPorts, 'machine' | 'files'>,
): Promise<Started> {
  const { platform } = machine;
  const env = childEnvironment(platform, machine.env, config.env, path);
  const cwd = config.cwd ?? machine.home;
  const program = await findProgram({
    command: config.command,
    args: config.args,
    cwd,
    env,
    path: pathOf(platform, env),
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
