import { existsSync } from 'node:fs';
import { messageOf } from '../../shared/base/message-of.ts';
import { findElectron } from '../electron-dist.ts';
import type { Layer, Need } from './layers.ts';
import { run } from './run.ts';

const CHROMIUM = '/usr/bin/chromium';
/** Debian packages by the file that shows they are there. */
const PACKAGES: Record<Need, Record<string, string>> = {
  build: {},
  chromium: { [CHROMIUM]: 'chromium' },
  electron: {
    '/usr/bin/xvfb-run': 'xvfb',
    '/usr/bin/xauth': 'xauth',
    '/usr/bin/dbus-run-session': 'dbus',
    '/usr/bin/unzip': 'unzip',
    // Loaded when it is there; without it Electron shows no notification, and says nothing of it.
    [`/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/libnotify.so.4`]: 'libnotify4',
    // Electron links against what Chromium's package brings along.
    [CHROMIUM]: 'chromium',
  },
};

/**
 * Builds the product and installs what the chosen layers need, where this account may. Gives the needs that are not met,
 * with the reason. Does nothing for layers that need nothing.
 */
export async function setUp(chosen: readonly Layer[]): Promise<Map<Need, string>> {
  const absent = new Map<Need, string>();
  const needs = [...new Set(chosen.flatMap((layer) => layer.needs))];
  if (needs.includes('build')) {
    const build = await run('npm', ['run', 'build'], { show: true });
    if (build.code !== 0) throw new Error('The build failed; see above.');
  }
  const missing = [...new Set(needs.flatMap((need) => missingPackages(need)))];
  if (missing.length > 0) await install(missing);
  for (const need of needs) {
    const still = missingPackages(need);
    if (still.length > 0) absent.set(need, `not installed: ${still.join(', ')}`);
  }
  if (needs.includes('electron') && !absent.has('electron')) {
    try {
      const dist = await findElectron({ allowStandIn: true });
      if (dist) process.env.ELECTRON_OVERRIDE_DIST_PATH = dist;
      else absent.set('electron', 'no Electron binary, and no stand-in for this platform');
    } catch (error) {
      absent.set('electron', `no Electron: ${messageOf(error)}`);
    }
  }
  return absent;
}

function missingPackages(need: Need): string[] {
  return Object.entries(PACKAGES[need])
    .filter(([program]) => !existsSync(program))
    .map(([, name]) => name);
}

async function install(packages: readonly string[]): Promise<void> {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    console.log(`Please install: ${packages.join(' ')}`);
    return;
  }
  console.log(`Installing for the tests: ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  const result = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
  });
  if (result.code !== 0) console.log(result.output);
}
