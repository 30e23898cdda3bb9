import { ipcMain, type Rectangle } from 'electron';
import Store from 'electron-store';

/** What belongs to this machine's windows rather than to the core: kept by the shell, in the data folder. */
export interface Preferences {
  bounds?: Rectangle;
  /** The window was closed once before, and the tray was explained. */
  explainedTray: boolean;
}

export function openPreferences(folder: string): Store<Preferences> {
  const store = new Store<Preferences>({
    cwd: folder,
    name: 'window',
    defaults: { explainedTray: false },
    // Window places are not worth a refusal to start.
    clearInvalidConfig: true,
  });
  // The store offers its folder to pages over a channel of its own. Ours have no use for it, and one channel is enough.
  ipcMain.removeAllListeners('electron-store-get-data');
  return store;
}

/** Window bounds that are still on a screen, at least with the part that can be gripped. */
export function boundsOnScreen(
  bounds: Rectangle | undefined,
  screens: readonly Rectangle[],
): Rectangle | undefined {
  if (!bounds) return undefined;
  const grip = { x: bounds.x + bounds.width / 2, y: bounds.y + 12 };
  const visible = screens.some(
    ({ x, y, width, height }) => grip.x >= x && grip.x < x + width && grip.y >= y && grip.y < y + height,
  );
  return visible ? bounds : undefined;
}
