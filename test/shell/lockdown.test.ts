import { beforeEach, describe, expect, test, vi } from 'vitest';
import { allowSignIns, mayOpen, maySignIn, openExternal } from '../../main/shell/pages/external.ts';
import { serveReady } from '../../main/shell/pages/ipc.ts';
import { lockContents, lockSession } from '../../main/shell/pages/lockdown.ts';
import { isOwnUrl } from '../../main/shell/pages/origin.ts';
import { electronLog, FakeContents, FakeSession, fakeIpcMain } from '../fakes/electron.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());

const HOSTILE = [
  'https://evil.example/',
  'http://github.com/',
  'https://github.com.evil.example/',
  'https://github.com@evil.example/',
  'https://user:pass@github.com/',
  'https://github.com:8443/',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  'drawbridge://evil/index.html',
  'blob:drawbridge://app/1',
  'about:blank',
  'smb://github.com/share',
  'ms-msdt:/id PCWDiagnostic',
  '$(calc)',
  '',
];
const KNOWN = 'https://github.com/modelcontextprotocol';

beforeEach(() => {
  electronLog.opened.length = 0;
});

test.each(HOSTILE)('%s does not leave the app', (url) => {
  expect(mayOpen(url)).toBe(false);
});
test('a known page may be opened', () => {
  expect(mayOpen(KNOWN)).toBe(true);
});
describe('a page to sign in at', () => {
  const PAGE = 'https://auth.example:8443/authorize?client_id=a%27b&state=x';
  let waiting: string[] = [];
  allowSignIns(async (url) => waiting.includes(url));
  beforeEach(() => {
    waiting = [PAGE];
  });

  test('is opened while a sign-in waits for exactly this address', async () => {
    expect(await openExternal(PAGE)).toBe(true);
    expect(electronLog.opened).toEqual([PAGE]);
    waiting = [];
    expect(await openExternal(PAGE)).toBe(false);
    expect(await openExternal(`${PAGE}&more=1`)).toBe(false);
    expect(electronLog.opened).toEqual([PAGE]);
  });
  test('on this machine may be plain http', async () => {
    waiting = ['http://127.0.0.1:9000/authorize?state=x'];
    expect(await openExternal(waiting[0] as string)).toBe(true);
  });
  // Even if the core itself were made to name them.
  test.each([
    ...HOSTILE.slice(6),
    'http://auth.example/authorize',
    'https://user:pass@auth.example/authorize',
    'https://auth.example/$(calc)',
    'https://auth.example/a?b=`id`',
    'https://auth.example/a;calc',
    'https://auth.example/a|calc',
    'vscode://auth.example/',
  ])('%s is not', async (url) => {
    waiting = [url, URL.canParse(url) ? new URL(url).href : url];
    expect(maySignIn(url)).toBe(false);
    expect(await openExternal(url)).toBe(false);
    expect(electronLog.opened).toEqual([]);
  });
});
test('only our own pages are ours', () => {
  expect(isOwnUrl('drawbridge://app/index.html#/approval')).toBe(true);
  for (const url of HOSTILE) expect(isOwnUrl(url)).toBe(false);
  expect(isOwnUrl('drawbridge://user@app/')).toBe(false);
});

describe('a page', () => {
  const locked = (): FakeContents => {
    const contents = new FakeContents();
    lockContents(contents as unknown as Electron.WebContents);
    return contents;
  };
  const emit = (contents: FakeContents, name: string, url: string): boolean => {
    let prevented = false;
    contents.emit(name, { url, preventDefault: () => (prevented = true) });
    return prevented;
  };

  test.each([...HOSTILE, KNOWN, 'drawbridge://app/other.html'])('cannot navigate to %s', (url) => {
    const contents = locked();
    expect(emit(contents, 'will-navigate', url)).toBe(true);
    expect(emit(contents, 'will-frame-navigate', url)).toBe(true);
    expect(electronLog.opened).toEqual(url === KNOWN ? [KNOWN] : []);
  });
  test.each(HOSTILE)('cannot be redirected to %s', (url) => {
    expect(emit(locked(), 'will-redirect', url)).toBe(true);
  });
  test.each([...HOSTILE, KNOWN])('cannot open a window for %s', (url) => {
    const details = { url } as Electron.HandlerDetails;
    expect(locked().openHandler?.(details)).toEqual({ action: 'deny' });
    expect(electronLog.opened).toEqual(url === KNOWN ? [KNOWN] : []);
  });
  test('cannot hold a webview', () => {
    expect(emit(locked(), 'will-attach-webview', '')).toBe(true);
  });
});

describe('the session', () => {
  const session = new FakeSession();
  lockSession(session as unknown as Electron.Session);
  test.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'fullscreen',
  ] as const)('gives no permission for %s', (permission) => {
    const answers: boolean[] = [];
    const contents = new FakeContents() as unknown as Electron.WebContents;
    session.requestHandler?.(contents, permission, (given) => answers.push(given), {} as never);
    expect(answers).toEqual([false]);
    expect(session.checkHandler?.(contents, permission as never, 'drawbridge://app', {} as never)).toBe(
      false,
    );
    expect(session.deviceHandler?.({} as never)).toBe(false);
  });
  test.each([
    ['blob:drawbridge://app/3f0c', false],
    ['https://evil.example/x.exe', true],
    ['blob:https://evil.example/1', true],
    ['data:text/plain,x', true],
    ['drawbridge://app/index.html', true],
  ])('the download of %s is refused: %s', (url, refused) => {
    let prevented = false;
    session.emit('will-download', { preventDefault: () => (prevented = true) }, { getURL: () => url });
    expect(prevented).toBe(refused);
  });
});

describe('the one channel', () => {
  const manager = new FakeContents();
  const approval = new FakeContents();
  const asked: string[] = [];
  const source = {
    generation: 1,
    up: true,
    port(role: string) {
      if (!this.up) return undefined;
      asked.push(role);
      return { role } as unknown as Electron.MessagePortMain;
    },
  };
  const give = serveReady(
    (id) => (id === manager.id ? 'manager' : id === approval.id ? 'approval' : undefined),
    source,
  );
  const ready = (sender: FakeContents, senderFrame: unknown = sender.mainFrame): boolean =>
    fakeIpcMain.emit('ready', { sender, senderFrame });
  beforeEach(() => {
    asked.length = 0;
    manager.posted.length = 0;
  });

  test('is the only one', () => {
    expect(fakeIpcMain.eventNames()).toEqual(['ready']);
  });
  test('gives each window a port with its role', () => {
    ready(manager);
    ready(approval);
    expect(asked).toEqual(['manager', 'approver']);
    expect(manager.posted).toEqual([{ channel: 'port', ports: [{ role: 'manager' }] }]);
  });
  test('answers no other page, no frame in a page, no other origin', () => {
    ready(new FakeContents());
    ready(manager, { url: 'drawbridge://app/index.html' });
    ready(manager, null);
    manager.mainFrame.url = 'https://evil.example/';
    ready(manager);
    manager.mainFrame.url = 'drawbridge://app/index.html';
    expect(asked).toEqual([]);
  });
  test('gives a new port for a new core, and only once', () => {
    source.up = false;
    ready(manager);
    expect(manager.posted).toEqual([]);
    source.up = true;
    source.generation = 2;
    give();
    give();
    expect(manager.posted).toHaveLength(1);
  });
});
