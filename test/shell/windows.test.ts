import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApprovalPopup, KEEP_MS } from '../../main/shell/windows/approval-window.ts';
import { Windows, type WindowsOptions } from '../../main/shell/windows/open-windows.ts';
import { boundsOnScreen } from '../../main/shell/windows/preferences.ts';
import { createWindow, windowOptions } from '../../main/shell/windows/windows.ts';
import { FakeNotification, type FakeWindow } from '../fakes/electron.ts';
import { approvalOf } from '../fakes/shell-state.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());
vi.mock('electron-store', () => ({ default: class {} }));

const look = { preload: '/app/bridge.cjs', icon: '/app/icon.png', dark: false, platform: 'linux' as const };
const locked = {
  preload: '/app/bridge.cjs',
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
};

describe('options of windows', () => {
  test('the manager window', () => {
    expect(windowOptions('manager', look)).toEqual({
      width: 1120,
      height: 760,
      minWidth: 720,
      minHeight: 480,
      title: 'Drawbridge',
      show: false,
      backgroundColor: '#ffffff',
      autoHideMenuBar: true,
      icon: '/app/icon.png',
      webPreferences: locked,
    });
  });
  test('the approval window is above others, out of the task bar, and not shown by being made', () => {
    expect(windowOptions('approval', { ...look, dark: true, platform: 'darwin' })).toEqual({
      width: 560,
      height: 640,
      minWidth: 420,
      minHeight: 360,
      title: 'Drawbridge: a call waits',
      show: false,
      backgroundColor: '#161718',
      autoHideMenuBar: true,
      alwaysOnTop: true,
      skipTaskbar: true,
      fullscreenable: false,
      minimizable: false,
      maximizable: false,
      type: 'panel',
      webPreferences: locked,
    });
  });
  test('saved bounds are for the manager window alone', () => {
    const bounds = { x: 5, y: 6, width: 900, height: 700 };
    expect(windowOptions('manager', { ...look, bounds })).toMatchObject(bounds);
    expect(windowOptions('approval', { ...look, bounds })).toMatchObject({ width: 560, height: 640 });
  });
  test('bounds on a screen that is gone are not used', () => {
    const screens = [{ x: 0, y: 0, width: 1000, height: 800 }];
    const inside = { x: 10, y: 10, width: 500, height: 500 };
    expect(boundsOnScreen(inside, screens)).toBe(inside);
    expect(boundsOnScreen({ ...inside, x: 3000 }, screens)).toBeUndefined();
    expect(boundsOnScreen({ ...inside, y: -100 }, screens)).toBeUndefined();
    expect(boundsOnScreen(undefined, screens)).toBeUndefined();
  });
  test('a page that fell over is loaded again', () => {
    const window = createWindow('manager', look) as unknown as FakeWindow;
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    expect(window.webContents.reloads).toBe(1);
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(window.webContents.reloads).toBe(1);
  });
});

describe('the manager window', () => {
  test('comes back on the page it was closed on, or on the one asked for', async () => {
    let closed = 0;
    const windows = new Windows({
      paths: { preload: 'p', windowIcon: 'i' } as WindowsOptions['paths'],
      preferences: { get: () => undefined, set: () => {} } as unknown as WindowsOptions['preferences'],
      platform: 'linux',
      mayClose: async () => true,
      kept: () => {},
      closed: () => {
        closed += 1;
      },
    });
    const close = async (): Promise<void> => {
      windows.get('manager')?.close();
      await vi.waitFor(() => expect(windows.get('manager')).toBeUndefined());
    };
    const url = (): string | undefined => windows.get('manager')?.webContents.getURL();
    windows.showManager();
    expect(url()).toBe('drawbridge://app/index.html');
    await windows.get('manager')?.loadURL('drawbridge://app/index.html#/servers/mail');
    await close();
    windows.showManager();
    expect(url()).toBe('drawbridge://app/index.html#/servers/mail');
    await close();
    windows.showManager('#/settings');
    expect(url()).toBe('drawbridge://app/index.html#/settings');
    expect(closed).toBe(2);
  });
});

describe('the approval window', () => {
  let window: FakeWindow;
  let popup: ApprovalPopup;
  let made: number;
  /** What the popup waits for, the last that was begun at the end; those called off are gone. */
  let waits: { ms: number; fn: () => void }[];
  const make = (): Electron.BrowserWindow => {
    made += 1;
    const real = createWindow('approval', look, '#/approval');
    window = real as unknown as FakeWindow;
    return real;
  };
  const paint = (): void => void window.emit('ready-to-show');
  const passTime = (): void => {
    for (const wait of waits.splice(0)) wait.fn();
  };
  beforeEach(() => {
    FakeNotification.shown = [];
    made = 0;
    waits = [];
    const open = (): Electron.BrowserWindow | undefined =>
      made > 0 && !window.destroyed ? (window as unknown as Electron.BrowserWindow) : undefined;
    popup = new ApprovalPopup({
      open,
      make,
      after(ms, fn) {
        const wait = { ms, fn };
        waits.push(wait);
        return () => {
          waits = waits.filter((other) => other !== wait);
        };
      },
    });
    // Most tests begin with a window that was used before.
    popup.update([approvalOf({ id: 'before' })]);
    paint();
    popup.update([]);
    window.did.length = 0;
    FakeNotification.shown = [];
  });

  test('is made for the first call, shown once it has something to show, and gone a while after the last', () => {
    passTime();
    expect(window.destroyed).toBe(true);
    popup.update([]);
    expect(made).toBe(1);
    popup.update([approvalOf()]);
    expect(made).toBe(2);
    expect(window.did).toEqual([]);
    paint();
    expect(window.did).toEqual(['showInactive']);
    popup.update([]);
    expect(waits.map(({ ms }) => ms)).toEqual([KEEP_MS]);
    passTime();
    expect(window.destroyed).toBe(true);
  });
  test('is kept for the next call when that comes soon', () => {
    popup.update([approvalOf()]);
    expect(waits).toEqual([]);
    expect(made).toBe(1);
    expect(window.did).toEqual(['showInactive']);
  });
  test('is kept while a call waits that the person put off, with what was written there', () => {
    popup.update([approvalOf()]);
    window.hide();
    passTime();
    passTime();
    expect(window.destroyed).toBe(false);
    popup.update([]);
    passTime();
    expect(window.destroyed).toBe(true);
  });
  test('that was asked for takes the focus, also when another call comes before it is painted', () => {
    passTime();
    popup.show();
    popup.update([approvalOf()]);
    paint();
    expect(window.did).toEqual(['show', 'focus']);
  });
  test('is not shown when the call was decided before it was painted', () => {
    passTime();
    popup.update([approvalOf()]);
    popup.update([]);
    paint();
    expect(window.did).toEqual([]);
    passTime();
    expect(window.destroyed).toBe(true);
  });
  test('that fell away before it was painted is made again by the next call', () => {
    passTime();
    popup.update([approvalOf()]);
    window.destroy();
    popup.update([approvalOf(), approvalOf({ id: 'a2' })]);
    expect(made).toBe(3);
    paint();
    expect(window.did).toEqual(['showInactive']);
  });

  test('comes without taking the focus, on the display with the pointer, and says so', () => {
    popup.update([approvalOf()]);
    expect(window.did).toEqual(['showInactive']);
    // The pointer is on the second display, which begins at 1920.
    expect(window.bounds).toMatchObject({ x: 1920 + 1280 - 560 - 24, y: 24 });
    expect(FakeNotification.shown.map(({ options }) => options.title)).toEqual(['Cursor waits for you']);
  });
  test('goes when nothing waits any more, and takes its notification along', () => {
    popup.update([approvalOf()]);
    popup.update([]);
    expect(window.did).toEqual(['showInactive', 'hide']);
    expect(FakeNotification.shown.map(({ closed }) => closed)).toEqual([true]);
  });
  test('that the person closed stays away until there is a new prompt', () => {
    popup.update([approvalOf()]);
    window.hide();
    popup.update([approvalOf({ count: 2 })]);
    expect(window.visible).toBe(false);
    popup.update([approvalOf({ count: 2 }), approvalOf({ id: 'a2' })]);
    expect(window.did).toEqual(['showInactive', 'hide', 'showInactive']);
  });
  test('that is there is not moved or raised again by the next prompt', () => {
    popup.update([approvalOf()]);
    window.bounds = { ...window.bounds, x: 3 };
    popup.update([approvalOf(), approvalOf({ id: 'a2' })]);
    expect(window.did).toEqual(['showInactive']);
    expect(window.bounds.x).toBe(3);
    expect(FakeNotification.shown).toHaveLength(2);
  });
  test('a burst of calls gives three notifications, the last of them for all the others', () => {
    popup.update(Array.from({ length: 50 }, (_, at) => approvalOf({ id: String(at) })));
    expect(FakeNotification.shown.map(({ options }) => options.title)).toEqual([
      'Cursor waits for you',
      'Cursor waits for you',
      'More calls wait for you',
    ]);
  });
  test('becomes as high as its page asks, stays on its display, and no page moves a window', () => {
    const windows = new Windows({
      paths: { preload: 'p', windowIcon: 'i' } as WindowsOptions['paths'],
      preferences: { get: () => undefined } as unknown as WindowsOptions['preferences'],
      platform: 'linux',
      mayClose: async () => true,
      kept: () => {},
      closed: () => {},
    });
    const asks = (kind: 'manager' | 'approval', bounds: Electron.Rectangle): Electron.Rectangle => {
      if (kind === 'manager') windows.showManager();
      else windows.approval();
      const window = windows.get(kind) as unknown as FakeWindow;
      const preventDefault = vi.fn();
      window.webContents.emit('content-bounds-updated', { preventDefault }, bounds);
      expect(preventDefault).toHaveBeenCalledOnce();
      return window.bounds;
    };
    expect(asks('approval', { x: 900, y: 900, width: 10, height: 800 })).toEqual({
      x: 0,
      y: 0,
      width: 560,
      height: 800,
    });
    expect(asks('approval', { x: 0, y: 0, width: 560, height: 5000 }).height).toBe(1016);
    expect(asks('approval', { x: 0, y: 0, width: 560, height: 20 }).height).toBe(360);
    expect(asks('manager', { x: 5, y: 5, width: 10, height: 10 })).toMatchObject({
      width: 1120,
      height: 760,
    });
  });
  test('takes the focus when it is asked for', () => {
    popup.update([approvalOf()]);
    FakeNotification.shown[0]?.emit('click');
    expect(window.did).toEqual(['showInactive', 'show', 'focus']);
  });
  test('works where the desktop has no notifications', () => {
    FakeNotification.supported = false;
    popup.update([approvalOf()]);
    FakeNotification.supported = true;
    expect(window.did).toEqual(['showInactive']);
    expect(FakeNotification.shown).toHaveLength(0);
  });
});
