import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../../../shared/base/message-of.ts';
import { startAtLogin as t } from '../../../shared/text/core/start-at-login.ts';
import { launchersOf } from '../launcher/install.ts';
import { MARK, type Method, type Place, type RunProgram } from './method.ts';
import { configHome, nameOf } from './names.ts';
import { isMissing, ownFile } from './own-file.ts';

/**
 * The gateway without windows on Linux: a systemd user unit, enabled by the same link that `systemctl --user enable` makes,
 * so that it is on also where the user's instance does not run now (over ssh, in a container).
 */
export function systemdUnit(place: Place, run: RunProgram): Method {
  const folder = join(configHome(place), 'systemd', 'user');
  const unit = `${nameOf(place)}.service`;
  const path = join(folder, unit);
  const link = join(folder, 'default.target.wants', unit);
  const file = ownFile(path, systemdUnitText(place));

  const linked = async (): Promise<boolean | 'foreign'> => {
    try {
      if (!(await lstat(link)).isSymbolicLink()) return 'foreign';
      return resolve(dirname(link), await readlink(link)) === path ? true : 'foreign';
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  };
  const reload = async (): Promise<string[]> => {
    try {
      await run('systemctl', ['--user', 'daemon-reload']);
      return [t.startNow(unit)];
    } catch (error) {
      return [t.noUserManager(messageOf(error))];
    }
  };
  return {
    kind: 'headless',
    place: path,
    async state() {
      const own = await file.state();
      const isLinked = await linked();
      if (own === 'foreign' || isLinked === 'foreign') return 'foreign';
      return own === 'on' && !isLinked ? 'outdated' : own;
    },
    async enable() {
      await file.write();
      await mkdir(dirname(link), { recursive: true });
      if ((await linked()) === false) await symlink(path, link);
      const user = place.env.USER || place.env.LOGNAME || '$USER';
      return [...(await reload()), t.linger(user)];
    },
    async disable() {
      if ((await linked()) === true) await rm(link);
      await file.remove();
      await reload();
    },
  };
}

/** The text of the unit; see systemd.service(5). A core that is killed or fails comes back, one that is stopped does not. */
export function systemdUnitText({ dataDir, platform }: Pick<Place, 'dataDir' | 'platform'>): string {
  const words = [
    '/bin/sh',
    launchersOf(dataDir, platform).commandLine,
    'serve',
    '--no-open',
    '--data',
    dataDir,
  ];
  return [
    `# ${MARK}. Removed by: drawbridge autostart off`,
    '[Unit]',
    'Description=Drawbridge, a gateway between AI clients and their MCP servers',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${words.map(unitWord).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=2',
    // Servers of the core are ended by the core; what it could not end ends with the unit.
    'TimeoutStopSec=15',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** A word of `ExecStart`: neither specifiers (`%`) nor variables (`$`) are meant, and C escapes are understood. */
function unitWord(word: string): string {
  if (/^[\w@./:+-]+$/.test(word)) return word;
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return `"${escaped}"`;
}
