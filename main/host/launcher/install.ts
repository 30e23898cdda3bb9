import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, join } from 'node:path';
import type { Machine } from '../../core/ports.ts';
import { CORE_NODE_FLAGS } from '../node/core-flags.ts';
import { batchLauncher, type Program, shellLauncher } from './launcher-text.ts';

/** Paths of the launchers of a data folder. They stay the same wherever the product itself is moved. */
export interface Launchers {
  /** The command line: `drawbridge serve`, … */
  readonly commandLine: string;
  /** The stdio bridge: what entries in clients' files name. */
  readonly bridge: string;
  /** The desktop app; there only when an app ever ran with this data folder. */
  readonly app: string;
}

export function launchersOf(dataDir: string, platform: NodeJS.Platform = process.platform): Launchers {
  const end = platform === 'win32' ? '.cmd' : '';
  const named = (name: string): string => join(dataDir, 'bin', `${name}${end}`);
  return {
    commandLine: named('drawbridge'),
    bridge: named('drawbridge-bridge'),
    app: named('drawbridge-app'),
  };
}

/**
 * Writes the launchers of a data folder so that they start the product that runs now, each in one step. Gives the bridge as
 * clients' files are to name it.
 * @throws the system's error where the data folder cannot be written
 */
export function installLaunchers(
  dataDir: string,
  programs: { readonly bridge: Machine['bridge']; readonly app?: Program | undefined },
  platform: NodeJS.Platform = process.platform,
): Machine['bridge'] {
  const { bridge, app } = programs;
  const at = launchersOf(dataDir, platform);
  const [script = ''] = bridge.args;
  const commandLine: Program = {
    command: bridge.command,
    args: [...CORE_NODE_FLAGS, join(dirname(script), `cli${extname(script)}`), ...bridge.args.slice(1)],
  };
  mkdirSync(join(dataDir, 'bin'), { recursive: true, mode: 0o700 });
  put(at.commandLine, commandLine, platform);
  put(at.bridge, bridge, platform);
  if (app) put(at.app, app, platform);
  return { command: at.bridge, args: [] };
}

function put(path: string, program: Program, platform: NodeJS.Platform): void {
  const needed = [program.command, ...program.args].filter((word) => isAbsolute(word));
  const text = platform === 'win32' ? batchLauncher(program, needed) : shellLauncher(program, needed);
  if (textOf(path) === text) return;
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o700, flag: 'wx' });
    // The umask may have taken the right to run it.
    chmodSync(temporary, 0o700);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
