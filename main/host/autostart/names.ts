import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { defaultDataDir } from '../data-folder/data-dir.ts';
import type { Place } from './method.ts';

/** What files and tasks are called: `drawbridge`, and for another data folder than the usual one its digest with it. */
export function nameOf({ platform, env, home, dataDir }: Place): string {
  if (dataDir === defaultDataDir(platform, env, home)) return 'drawbridge';
  return `drawbridge-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
}

/** The folder of the person's settings, as the XDG base directory specification says: a relative one is ignored. */
export function configHome({ env, home }: Place): string {
  const told = env.XDG_CONFIG_HOME;
  return told && isAbsolute(told) ? told : join(home, '.config');
}
