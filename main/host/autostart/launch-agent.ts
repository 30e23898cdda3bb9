import { join } from 'node:path';
import { startAtLogin as t } from '../../../shared/text/core/start-at-login.ts';
import { launchersOf } from '../launcher/install.ts';
import { MARK, type Method, type Place } from './method.ts';
import { nameOf } from './names.ts';
import { ownFile } from './own-file.ts';
import { xmlText } from './xml-text.ts';

/**
 * The gateway without windows on macOS: an agent of launchd. launchd reads the folder at login; it is not loaded at once,
 * because that would start a second core beside the one that may run.
 */
export function launchAgent(place: Place): Method {
  const label = `app.${nameOf(place)}`;
  const path = join(place.home, 'Library', 'LaunchAgents', `${label}.plist`);
  const file = ownFile(path, launchAgentText(place, label));
  return {
    kind: 'headless',
    place: path,
    state: file.state,
    async enable() {
      await file.write();
      return [t.atNextLogin];
    },
    disable: file.remove,
  };
}

/** The text of the agent; see launchd.plist(5). A core that fails comes back, one that is stopped does not. */
export function launchAgentText(
  { dataDir, platform }: Pick<Place, 'dataDir' | 'platform'>,
  label: string,
): string {
  const words = [
    '/bin/sh',
    launchersOf(dataDir, platform).commandLine,
    'serve',
    '--no-open',
    '--data',
    dataDir,
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${MARK}. Removed by: drawbridge autostart off -->`,
    '<plist version="1.0">',
    '<dict>',
    '  <key>Label</key>',
    `  <string>${xmlText(label)}</string>`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...words.map((word) => `    <string>${xmlText(word)}</string>`),
    '  </array>',
    '  <key>RunAtLoad</key>',
    '  <true/>',
    '  <key>KeepAlive</key>',
    '  <dict>',
    '    <key>SuccessfulExit</key>',
    '    <false/>',
    '  </dict>',
    '  <key>ProcessType</key>',
    '  <string>Interactive</string>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}
