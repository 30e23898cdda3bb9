import { constants } from 'node:fs';
import * as path from 'node:path';
import { sentences } from '../../../../shared/text/sentences.ts';
import { systemReason } from '../../base/system-reason.ts';
import type { Files } from '../../ports.ts';

/** A program that cannot be started; the message is for people. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: the arguments are quoted already and must be passed as they are. */
  readonly verbatim: boolean;
}

export interface ProgramQuery {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The search path. */
  readonly path: string | undefined;
  /** Sentences about why the search path may lack folders, where something is known about that. */
  readonly unknown?: string;
  readonly platform: NodeJS.Platform;
  readonly files: Pick<Files, 'stat' | 'access'>;
}

/**
 * Finds the program a command names, as a shell would, so that what is missing can be named before anything starts.
 * @throws StartError when the folder to run in or the program is missing, or the file may not be run
 */
export async function findProgram(query: ProgramQuery): Promise<Program> {
  const { command, cwd, files } = query;
  const folder = await kindOf(files, cwd);
  if (folder !== 'folder') throw new StartError(`The folder to run it in, ${cwd}, does not exist.`);
  const windows = query.platform === 'win32';
  const { resolve, join } = windows ? path.win32 : path.posix;
  const endings = windows ? windowsEndings(command, query.env) : [''];
  const named = command.includes('/') || (windows && command.includes('\\'));
  const folders = named ? [] : (query.path ?? '').split(windows ? ';' : ':').filter((part) => part !== '');
  const candidates = (named ? [resolve(cwd, command)] : folders.map((each) => join(each, command))).flatMap(
    (base) => endings.map((ending) => base + ending),
  );
  let refused: string | undefined;
  for (const file of candidates) {
    if ((await kindOf(files, file)) !== 'file') continue;
    if (windows || (await mayRun(files, file)))
      return windows ? windowsProgram(file, query) : plain(file, query);
    refused ??= file;
  }
  if (refused !== undefined) {
    throw new StartError(`${refused} is not executable. Make it so with: chmod +x "${refused}"`);
  }
  if (named) throw new StartError(await whyNotThere(files, resolve(cwd, command)));
  throw new StartError(
    sentences(
      `The command "${command}" was not found.`,
      howToInstall(command),
      `Searched: ${folders.join(', ') || 'nothing, PATH is empty'}.`,
      query.unknown,
    ),
  );
}

/** Launchers that servers are commonly started with, and what brings them. */
const BRINGS: readonly { readonly command: RegExp; readonly what: string }[] = [
  { command: /^(node|npx|npm)$/, what: 'Install Node.js (https://nodejs.org), which brings it' },
  { command: /^(uv|uvx)$/, what: 'Install uv (https://docs.astral.sh/uv), which brings it' },
  { command: /^(python3?|pip3?|pipx)$/, what: 'Install Python (https://www.python.org), which brings it' },
  { command: /^docker(-compose)?$/, what: 'Install Docker (https://docs.docker.com/get-docker)' },
  { command: /^podman$/, what: 'Install Podman (https://podman.io)' },
  { command: /^bunx?$/, what: 'Install Bun (https://bun.com), which brings it' },
  { command: /^deno$/, what: 'Install Deno (https://deno.com)' },
  { command: /^(dotnet|dnx)$/, what: 'Install .NET (https://dotnet.microsoft.com), which brings it' },
  { command: /^java$/, what: 'Install Java (https://adoptium.net), which brings it' },
];

function howToInstall(command: string): string {
  const name = command.toLowerCase().replace(/\.(exe|cmd|bat)$/, '');
  const what = BRINGS.find((each) => each.command.test(name))?.what ?? 'Install it';
  return `${what}, or give its full path.`;
}

function plain(file: string, query: ProgramQuery): Program {
  return { file, args: query.args, verbatim: false };
}

async function kindOf(files: ProgramQuery['files'], file: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await files.stat(file)).isDirectory() ? 'folder' : 'file';
  } catch {
    // There is no program here, for whatever reason; the search goes on as in a shell.
    return undefined;
  }
}

/** Why there is no program at a path that the settings name. */
async function whyNotThere(files: ProgramQuery['files'], file: string): Promise<string> {
  try {
    return (await files.stat(file)).isDirectory()
      ? `${file} is a folder; a program of that name does not exist.`
      : `${file} is no program.`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return `${file} does not exist.`;
    return `${file} cannot be looked at. ${systemReason({ code })}`;
  }
}

async function mayRun(files: ProgramQuery['files'], file: string): Promise<boolean> {
  try {
    await files.access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function windowsEndings(command: string, env: Readonly<Record<string, string>>): string[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATHEXT');
  const known = ((name && env[name]) || '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  const has = known.some((ending) => command.toLowerCase().endsWith(ending.toLowerCase()));
  return has ? ['', ...known] : known;
}

function windowsProgram(file: string, query: ProgramQuery): Program {
  if (!/\.(cmd|bat)$/i.test(file)) return plain(file, query);
  const name = Object.keys(query.env).find((key) => key.toUpperCase() === 'COMSPEC');
  return {
    file: (name && query.env[name]) || 'cmd.exe',
    args: ['/d', '/s', '/c', `"${batchLine(file, query.args)}"`],
    verbatim: true,
  };
}

const META = /[()\][%!^"`<>&|;, *?]/g;

/**
 * The command line for a batch file. Batch files cannot be started but by cmd.exe, which reads the line once, and the
 * file's own `%*` makes it read the arguments again: each special character is therefore escaped twice (CVE-2024-27980).
 * @throws StartError for a line break, which cannot be escaped
 */
export function batchLine(file: string, args: readonly string[]): string {
  const quoted = args.map((arg) => {
    if (/[\r\n\0]/.test(arg)) {
      throw new StartError('An argument holds a line break, which cannot be passed to a .cmd or .bat file.');
    }
    const backslashes = arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1');
    return `"${backslashes}"`.replace(META, '^$&').replace(META, '^$&');
  });
  return [path.win32.normalize(file).replace(META, '^$&'), ...quoted].join(' ');
}
