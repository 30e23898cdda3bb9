import { homedir } from 'node:os';
import { posix, resolve, win32 } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where a core keeps its data by default: the place that each operating system has for that. */
export function defaultDataDir(platform: NodeJS.Platform, env: Env, home: string): string {
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Drawbridge');
  if (platform === 'win32') {
    return win32.join(env.APPDATA || win32.join(home, 'AppData', 'Roaming'), 'Drawbridge');
  }
  // The XDG base directory specification: a relative path there is to be ignored.
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : posix.join(home, '.config');
  return posix.join(config, 'drawbridge');
}

/** The data folder of this process: `--data` where given, else DRAWBRIDGE_DATA, else the default. Always absolute. */
export function resolveDataDir(told: string | undefined, env: Env = process.env): string {
  const { platform } = process;
  // Asking the system for the home folder can take long (a directory service), so only where it is needed.
  const home = (): string => (platform === 'win32' ? env.USERPROFILE : env.HOME) || homedir();
  return resolve(told || env.DRAWBRIDGE_DATA || defaultDataDir(platform, env, home()));
}
