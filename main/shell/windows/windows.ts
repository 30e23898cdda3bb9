import { BrowserWindow, type BrowserWindowConstructorOptions, type Rectangle } from 'electron';
import { tray } from '../../../shared/text/tray.ts';
import { ORIGIN } from '../pages/origin.ts';

export type WindowKind = 'manager' | 'approval';

export interface WindowLook {
  /** Path of the preload script. */
  readonly preload: string;
  /** Path of the icon for the task bar, where the system takes it from the window. */
  readonly icon: string;
  readonly dark: boolean;
  readonly platform: NodeJS.Platform;
  /** Where the manager window was last. */
  readonly bounds?: Rectangle;
}

const SIZE: Record<WindowKind, { width: number; height: number; minWidth: number; minHeight: number }> = {
  manager: { width: 1120, height: 760, minWidth: 720, minHeight: 480 },
  approval: { width: 560, height: 640, minWidth: 420, minHeight: 360 },
};

/** Every window's options. Pages get no Node, no Electron, and one preload script in an isolated, sandboxed world. */
export function windowOptions(kind: WindowKind, look: WindowLook): BrowserWindowConstructorOptions {
  return {
    ...SIZE[kind],
    ...(kind === 'manager' ? look.bounds : {}),
    title: tray.window[kind],
    show: false,
    backgroundColor: look.dark ? '#161718' : '#ffffff',
    autoHideMenuBar: true,
    ...(look.platform === 'linux' ? { icon: look.icon } : {}),
    ...(kind === 'approval'
      ? {
          alwaysOnTop: true,
          skipTaskbar: true,
          fullscreenable: false,
          minimizable: false,
          maximizable: false,
          // A panel takes keys without bringing the app to the front.
          ...(look.platform === 'darwin' ? { type: 'panel' } : {}),
        }
      : {}),
    webPreferences: {
      preload: look.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      disableBlinkFeatures: 'Auxclick',
    },
  };
}

/** The one place that creates a window. It is shown by its caller. */
export function createWindow(kind: WindowKind, look: WindowLook, hash = ''): BrowserWindow {
  const window = new BrowserWindow(windowOptions(kind, look));
  // A page that fell over comes back by itself; the core kept everything.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && reason !== 'killed' && !window.isDestroyed()) window.webContents.reload();
  });
  void window.loadURL(`${ORIGIN}/index.html${hash}`);
  return window;
}
