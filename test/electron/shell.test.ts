import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alive, type Home, scratchHome, until } from '../interop/kit.ts';
import { type Desktop, startDesktop } from './desktop.ts';
import { ALLOWED, givenTo, launch, type RunningApp } from './kit.ts';

let desktop: Desktop;
let home: Home;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  home = scratchHome();
  running = await launch(desktop, home);
});
afterAll(async () => {
  if (alive(running.pid)) await running.quit();
  await desktop.stop();
  home.remove();
});

describe('the app', () => {
  test('shows its window, and makes no other before a call waits', async () => {
    const windows = await until('the window', async () => {
      const all = await running.windows();
      return all.some(({ visible }) => visible) ? all : undefined;
    });
    const seen = windows.map(({ url, visible }) => [url.replace(/#\/$/, ''), visible]);
    expect(seen).toEqual([['drawbridge://app/index.html', true]]);
  });
  test('has one channel for pages', async () => {
    // Electron itself listens for `error`.
    expect(await running.app.evaluate(({ ipcMain }) => ipcMain.eventNames())).toEqual(['error', 'ready']);
  });
  test('gives pages two functions and nothing of Node or Electron', async () => {
    expect(await givenTo(await running.page('manager'))).toEqual(ALLOWED);
  });
  test('lets a page go nowhere else', async () => {
    const page = await running.page('manager');
    const before = page.url();
    const result = await page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        blocked.push(effectiveDirective);
      });
      const opened = window.open('https://evil.example/');
      const fetched = await fetch('https://evil.example/').then(
        () => 'fetched',
        () => 'refused',
      );
      const frame = document.createElement('iframe');
      frame.src = 'https://evil.example/';
      document.body.append(frame);
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      await new Promise((resolve) => setTimeout(resolve, 100));
      frame.remove();
      script.remove();
      const permission = await navigator.permissions.query({ name: 'geolocation' });
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'given',
        (error: Error) => error.name,
      );
      return {
        opened: opened === null,
        fetched,
        injected: 'injected' in window,
        blocked: [...new Set(blocked)].sort(),
        permission: permission.state,
        media,
      };
    });
    expect(result).toEqual({
      opened: true,
      fetched: 'refused',
      injected: false,
      blocked: ['connect-src', 'frame-src', 'script-src-elem'],
      permission: 'denied',
      media: expect.stringMatching(/NotAllowedError|NotFoundError/),
    });
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'drawbridge://app/elsewhere.html'])
      await page.evaluate((to) => window.location.assign(to), url).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(page.url()).toBe(before);
    expect(running.app.windows()).toHaveLength(1);
  });
  test('starts once for a data folder: a second start shows the window of the first', async () => {
    await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => !window.webContents.getURL().includes('approval'))
        ?.hide(),
    );
    const second = await launch(desktop, home).then(
      (app) => app.pid,
      () => 'ended at once',
    );
    await until('the window of the first', async () =>
      (await running.windows()).some(({ visible }) => visible) ? true : undefined,
    );
    expect(second === 'ended at once' || !alive(second as number)).toBe(true);
    expect(alive(running.pid)).toBe(true);
  });
});

describe('the tray', () => {
  const firstLine = async (): Promise<string> => (await desktop.tray.menu())[0]?.label ?? '';
  test('says the state in words, with the actions below', async () => {
    await until('the state', async (see) => see(await firstLine()).startsWith('No client'));
    expect((await desktop.tray.menu()).map(({ label, separator }) => (separator ? null : label))).toEqual([
      'No client goes through Drawbridge yet.',
      null,
      'Raise the bridge (refuse every call)',
      'Let every call through for 15 minutes',
      null,
      'Open Drawbridge',
      'Settings…',
      null,
      'Quit Drawbridge',
    ]);
    expect(await desktop.tray.tip()).toContain('No client goes through Drawbridge yet.');
  });
  test('raises the bridge and lowers it again', async () => {
    const idle = await desktop.tray.icon();
    await desktop.tray.choose('Raise the bridge (refuse every call)');
    await until(
      'a raised bridge',
      async (see) => see(await firstLine()) === 'The bridge is raised: every call is refused.',
    );
    expect(await desktop.tray.icon()).not.toBe(idle);
    await desktop.tray.choose('Lower the bridge');
    await until('a lowered bridge', async (see) => see(await firstLine()).startsWith('No client'));
    expect(await desktop.tray.icon()).toBe(idle);
  });
  test('stays when the window is closed, and brings it back', async () => {
    const close = (): Promise<void> =>
      running.app.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows())
          if (!window.webContents.getURL().includes('approval')) window.close();
      });
    await close();
    await until('no window', async () => ((await running.windows()).length === 0 ? true : undefined));
    expect(alive(running.pid)).toBe(true);
    await desktop.tray.choose('Settings…');
    await until('the settings', async () =>
      (await running.windows()).some(({ url, visible }) => visible && url.endsWith('#/settings'))
        ? true
        : undefined,
    );
    await close();
    await until('no window again', async () => ((await running.windows()).length === 0 ? true : undefined));
    await desktop.tray.choose('Open Drawbridge');
    await until('the page it was closed on', async (see) =>
      see(await running.windows()).some(({ url, visible }) => visible && url.endsWith('#/settings')),
    );
  });
  test('quits', async () => {
    const core = await until('a core', () =>
      running.app.evaluate(
        ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Drawbridge core')?.pid,
      ),
    );
    await desktop.tray.choose('Quit Drawbridge');
    await until('the end', () => !alive(running.pid));
    expect(alive(core)).toBe(false);
    // No stack trace: nothing was thrown that nobody caught.
    expect(running.output()).not.toMatch(/^ {4}at /m);
  });
});
