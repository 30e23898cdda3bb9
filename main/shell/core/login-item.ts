import { createHash } from 'node:crypto';
import { app } from 'electron';
import type { Program } from '../../host/launcher/launcher-text.ts';

/** What starts this app again. An AppImage is mounted anew for each start: its file is what stays. */
export function appProgram(env: Readonly<Record<string, string | undefined>>): Program {
  const args = app.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : [];
  if (app.isPackaged) return { command: env.APPIMAGE || process.execPath, args };
  return { command: process.execPath, args: [...args, app.getAppPath()] };
}

/**
 * The app as a login item of macOS and Windows, one for each data folder; undefined where it cannot be one: on Linux, and
 * run from the repository, where the system would start a bare Electron.
 */
export function loginItemOf(
  dataDir: string,
  platform: NodeJS.Platform,
): ((set: boolean | null) => boolean) | undefined {
  if (!app.isPackaged || (platform !== 'darwin' && platform !== 'win32')) return undefined;
  if (platform === 'darwin')
    return (set) => {
      if (set !== null) app.setLoginItemSettings({ openAtLogin: set });
      return app.getLoginItemSettings().openAtLogin;
    };
  const name = `Drawbridge-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
  // Windows reads both as parts of one command line: without quotes a folder with a space in its name falls apart.
  const path = `"${process.execPath}"`;
  const args = ['--hidden', '--data', `"${dataDir}"`];
  return (set) => {
    if (set !== null) app.setLoginItemSettings({ name, path, args, openAtLogin: set });
    // Its `openAtLogin` looks only at the entry named after the app, ours has a name for each data folder.
    const { launchItems } = app.getLoginItemSettings({ path, args });
    return launchItems.some((item) => item.name === name && item.enabled);
  };
}
