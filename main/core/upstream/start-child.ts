import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment, pathOf } from './child-env.ts';
import { findProgram, StartError } from './command.ts';
import type { ResolvedStdio, UpstreamPorts } from './types.ts';

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a server's program in a process group of its own and resolves when it runs.
 * @param path the search path for servers (login shell's and ours)
 * @throws StartError with a sentence for people
 */
export async function startChild(
  config: ResolvedStdio,
  path: string | undefined,
  { machine, files }: Pick<UpstreamPorts, 'machine' | 'files'>,
): Promise<Child> {
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
  const refused = (error: NodeJS.ErrnoException): StartError =>
    new StartError(`${program.file} could not be started: ${reasonOf(error)}`);
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
    throw refused(error as NodeJS.ErrnoException);
  }
  return new Promise((done, fail) => {
    child.once('spawn', () => done(child));
    child.once('error', (error) => fail(refused(error)));
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'the interpreter named in its first line does not exist.';
    case 'EACCES':
      return 'the system does not permit it to run.';
    case 'ENOEXEC':
      return 'it is not a program for this machine. A script needs a first line such as #!/bin/sh.';
    case 'E2BIG':
      return 'its arguments and variables are too long.';
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
      return 'too many programs or files are open on this machine.';
    default:
      return `${error.message}.`;
  }
}
