import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApprovalPopup } from '../../main/shell/windows/approval-window.ts';
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

describe('the approval window', () => {
  let window: FakeWindow;
  let popup: ApprovalPopup;
  beforeEach(() => {
    FakeNotification.shown = [];
    window = createWindow('approval', look, '#/approval') as unknown as FakeWindow;
    popup = new ApprovalPopup(() => window as unknown as Electron.BrowserWindow);
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
