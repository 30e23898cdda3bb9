import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { resolveDataDir } from '../host/data-folder/data-dir.ts';
import { shellArguments } from './arguments.ts';
import { stayLight } from './light.ts';
import { lockContents } from './pages/lockdown.ts';
import { registerScheme } from './pages/protocol.ts';
import { type Shell, startShell } from './shell.ts';
import { setAppMenu } from './windows/app-menu.ts';

/** The desktop app. One runs for a data folder; a second start brings the first one's window to the front. */
const told = shellArguments(process.argv);
const dataDir = resolveDataDir(told.data);
const userData = join(dataDir, 'shell');
mkdirSync(dataDir, { recursive: true, mode: 0o700 });
mkdirSync(userData, { recursive: true, mode: 0o700 });
app.setName('Drawbridge');
// Chromium's own files, and the lock against a second start.
app.setPath('userData', userData);
app.setPath('sessionData', userData);
registerScheme();
// For root on Linux, Chromium has no sandbox to enable; starting it as root takes --no-sandbox.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
stayLight(process.platform);
app.on('web-contents-created', (_event, contents) => lockContents(contents));
app.on('certificate-error', (event, ...[, , , , decide]) => {
  event.preventDefault();
  decide(false);
});

let shell: Shell | undefined;
let stopped = false;

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => shell?.open());
  app.on('activate', () => shell?.open());
  // The tray stays when the last window is closed.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (stopped || !shell) return;
    event.preventDefault();
    void shell.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
  void app.whenReady().then(() => {
    setAppMenu(process.platform);
    // macOS gives login items no words of their own, but says that it was one that started the app.
    const atLogin = process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
    shell = startShell({ dataDir, hidden: told.hidden || atLogin });
  });
} else {
  app.quit();
}
