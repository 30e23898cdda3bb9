import { join } from 'node:path';
import { launchersOf } from '../launcher/install.ts';
import { MARK, type Method, type Place } from './method.ts';
import { configHome, nameOf } from './names.ts';
import { ownFile } from './own-file.ts';

/** The app on a Linux desktop: an entry in the folder `autostart` of the XDG desktop application autostart specification. */
export function desktopEntry(place: Place): Method {
  const path = join(configHome(place), 'autostart', `${nameOf(place)}.desktop`);
  const file = ownFile(path, desktopEntryText(place));
  return {
    kind: 'app',
    place: path,
    state: file.state,
    async enable() {
      await file.write();
      return [];
    },
    disable: file.remove,
  };
}

/** The text of the entry; see the Desktop Entry Specification 1.5. */
export function desktopEntryText({ dataDir, platform }: Pick<Place, 'dataDir' | 'platform'>): string {
  const words = ['/bin/sh', launchersOf(dataDir, platform).app, '--hidden', '--data', dataDir];
  return [
    `# ${MARK}. Removed by: drawbridge autostart off`,
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Drawbridge',
    'Comment=Gateway between AI clients and their MCP servers',
    `Exec=${words.map(execWord).join(' ')}`,
    'Terminal=false',
    'NoDisplay=true',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** A word of `Exec`: quoted as the specification wants, `%` is no field code, and then escaped as every value is. */
function execWord(word: string): string {
  const quoted = `"${word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return quoted
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
}
