import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

/**
 * The part of Electron that the shell uses, recording what is asked of it. Each piece is typed against Electron's own
 * declarations, so that a call Electron does not have cannot pass a test. Use: `vi.mock('electron', () => fakeElectron())`.
 */
export class FakeContents extends EventEmitter {
  static nextId = 1;
  readonly id = FakeContents.nextId++;
  readonly mainFrame = { url: 'drawbridge://app/index.html' };
  readonly posted: { channel: string; ports: unknown[] }[] = [];
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | undefined;
  reloads = 0;
  setWindowOpenHandler: Electron.WebContents['setWindowOpenHandler'] = (handler) => {
    this.openHandler = handler;
  };
  postMessage: Electron.WebContents['postMessage'] = (channel, _message, ports = []) => {
    this.posted.push({ channel, ports });
  };
  reload: Electron.WebContents['reload'] = () => {
    this.reloads += 1;
  };
  getURL: Electron.WebContents['getURL'] = () => this.mainFrame.url;
}

export class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = [];
  readonly webContents = new FakeContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  /** The names of what was called that the person would see, in order. */
  readonly did: string[] = [];
  visible = false;
  destroyed = false;
  minimized = false;
  bounds: Electron.Rectangle;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.visible = options.show !== false;
    this.bounds = { x: 0, y: 0, width: options.width ?? 800, height: options.height ?? 600 };
    FakeWindow.all.push(this);
  }
  loadURL: Electron.BrowserWindow['loadURL'] = async (url) => {
    this.webContents.mainFrame.url = url;
  };
  show: Electron.BrowserWindow['show'] = () => this.#see('show', true);
  showInactive: Electron.BrowserWindow['showInactive'] = () => this.#see('showInactive', true);
  hide: Electron.BrowserWindow['hide'] = () => this.#see('hide', false);
  focus: Electron.BrowserWindow['focus'] = () => void this.did.push('focus');
  restore: Electron.BrowserWindow['restore'] = () => {
    this.minimized = false;
  };
  minimize: Electron.BrowserWindow['minimize'] = () => {
    this.minimized = true;
  };
  isVisible: Electron.BrowserWindow['isVisible'] = () => this.visible;
  isMinimized: Electron.BrowserWindow['isMinimized'] = () => this.minimized;
  isDestroyed: Electron.BrowserWindow['isDestroyed'] = () => this.destroyed;
  getBounds: Electron.BrowserWindow['getBounds'] = () => this.bounds;
  getNormalBounds: Electron.BrowserWindow['getNormalBounds'] = () => this.bounds;
  setBounds: Electron.BrowserWindow['setBounds'] = (bounds) => {
    this.bounds = { ...this.bounds, ...bounds };
  };
  setAlwaysOnTop: Electron.BrowserWindow['setAlwaysOnTop'] = () => {};
  destroy: Electron.BrowserWindow['destroy'] = () => {
    this.destroyed = true;
    this.visible = false;
    this.emit('closed');
  };
  /** As when the person closes it: `close` may be prevented. */
  close: Electron.BrowserWindow['close'] = () => {
    const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  };
  #see(what: string, visible: boolean): void {
    const hides = this.visible && !visible;
    this.did.push(what);
    this.visible = visible;
    if (hides) this.emit('hide');
  }
}

export class FakeNotification extends EventEmitter {
  static shown: FakeNotification[] = [];
  static supported = true;
  static isSupported: typeof Electron.Notification.isSupported = () => FakeNotification.supported;
  closed = false;
  readonly options: Electron.NotificationConstructorOptions;
  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show: Electron.Notification['show'] = () => void FakeNotification.shown.push(this);
  close: Electron.Notification['close'] = () => {
    this.closed = true;
  };
}

export class FakeTray extends EventEmitter {
  static all: FakeTray[] = [];
  image: unknown;
  tip = '';
  menu: { template: Electron.MenuItemConstructorOptions[] } | undefined;
  menusSet = 0;
  constructor(image: unknown) {
    super();
    this.image = image;
    FakeTray.all.push(this);
  }
  setImage = (image: unknown): void => {
    this.image = image;
  };
  setToolTip: Electron.Tray['setToolTip'] = (tip) => {
    this.tip = tip;
  };
  setTitle: Electron.Tray['setTitle'] = () => {};
  setContextMenu = (menu: unknown): void => {
    this.menu = menu as { template: Electron.MenuItemConstructorOptions[] };
    this.menusSet += 1;
  };
  destroy: Electron.Tray['destroy'] = () => {};
}

export class FakeSession extends EventEmitter {
  requestHandler: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  checkHandler: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  deviceHandler: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;
  setPermissionRequestHandler: Electron.Session['setPermissionRequestHandler'] = (handler) => {
    this.requestHandler = handler;
  };
  setPermissionCheckHandler: Electron.Session['setPermissionCheckHandler'] = (handler) => {
    this.checkHandler = handler;
  };
  setDevicePermissionHandler: Electron.Session['setDevicePermissionHandler'] = (handler) => {
    this.deviceHandler = handler;
  };
  setBluetoothPairingHandler: Electron.Session['setBluetoothPairingHandler'] = () => {};
  setSpellCheckerEnabled: Electron.Session['setSpellCheckerEnabled'] = () => {};
}

/** What the fake remembers between calls of one test file. */
export const electronLog = {
  opened: [] as string[],
  messages: [] as Electron.MessageBoxOptions[],
  quits: 0,
  /** What safeStorage says it is. */
  encryption: true,
  backend: 'gnome_libsecret' as ReturnType<typeof Electron.safeStorage.getSelectedStorageBackend>,
  packaged: true,
  /** The login items of the system by name; macOS has one without a name for each app. */
  loginItems: new Map<string, Electron.Settings & { enabled: boolean }>(),
};

/** As on Windows: entries have names, `openAtLogin` is about the one named after the app, `launchItems` about all of a program. */
const setLoginItemSettings: typeof Electron.app.setLoginItemSettings = (item) => {
  const name = item.name ?? 'app';
  if (item.openAtLogin) electronLog.loginItems.set(name, { ...item, enabled: true });
  else electronLog.loginItems.delete(name);
};
const getLoginItemSettings = (
  asked?: Electron.LoginItemSettingsOptions,
): Pick<Electron.LoginItemSettings, 'openAtLogin'> & {
  launchItems: Pick<Electron.LaunchItems, 'name' | 'enabled'>[];
} => ({
  openAtLogin: electronLog.loginItems.has('app'),
  launchItems: [...electronLog.loginItems]
    .filter(([, item]) => item.path === asked?.path)
    .map(([name, { enabled }]) => ({ name, enabled })),
});

export const fakeIpcMain = new EventEmitter();

const openExternal: typeof Electron.shell.openExternal = async (url) => void electronLog.opened.push(url);
const showMessageBox = async (options: Electron.MessageBoxOptions): Promise<{ response: number }> => {
  electronLog.messages.push(options);
  return { response: options.cancelId ?? 0 };
};
const encryptString: typeof Electron.safeStorage.encryptString = (text) =>
  Buffer.from(`sealed:${text}`, 'utf8');
const decryptString: typeof Electron.safeStorage.decryptString = (bytes) => {
  const text = bytes.toString('utf8');
  if (!text.startsWith('sealed:')) throw new Error('Error while decrypting the ciphertext');
  return text.slice('sealed:'.length);
};
const screens = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 1280, height: 984 },
];
const getDisplayNearestPoint = (point: Electron.Point): Pick<Electron.Display, 'workArea'> => ({
  workArea: screens[point.x < 1920 ? 0 : 1] as Electron.Rectangle,
});

/** The module itself. */
export function fakeElectron() {
  return {
    BrowserWindow: FakeWindow,
    Notification: FakeNotification,
    Tray: FakeTray,
    Menu: {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => ({ template }),
      setApplicationMenu: () => {},
    },
    nativeImage: { createFromPath: (path: string) => ({ path }) },
    shell: { openExternal },
    dialog: { showMessageBox },
    app: {
      quit() {
        electronLog.quits += 1;
      },
      get isPackaged() {
        return electronLog.packaged;
      },
      setLoginItemSettings,
      getLoginItemSettings,
    },
    ipcMain: fakeIpcMain,
    protocol: { registerSchemesAsPrivileged: () => {} },
    nativeTheme: { shouldUseDarkColors: false },
    screen: {
      getAllDisplays: () => screens.map((workArea) => ({ workArea })),
      getCursorScreenPoint: () => ({ x: 2000, y: 100 }),
      getDisplayNearestPoint,
      getDisplayMatching: (bounds: Electron.Rectangle) => getDisplayNearestPoint(bounds),
    },
    safeStorage: {
      isEncryptionAvailable: () => electronLog.encryption,
      getSelectedStorageBackend: () => electronLog.backend,
      encryptString,
      decryptString,
    },
  };
}
