import { beforeEach, describe, expect, test, vi } from 'vitest';
import { portKeyWrap } from '../../main/host/transports/port-key-wrap.ts';
import type { MainPort } from '../../main/host/transports/port-transport.ts';
import { hasKeyStore, serveKeyStore } from '../../main/shell/core/key-store.ts';
import { electronLog } from '../fakes/electron.ts';
import { portPair } from '../fakes/ports.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());

beforeEach(() => {
  electronLog.encryption = true;
  electronLog.backend = 'gnome_libsecret';
});

describe('the key store is offered', () => {
  test.each([
    ['darwin', true, 'unknown', true],
    ['win32', true, 'unknown', true],
    ['win32', false, 'unknown', false],
    ['linux', true, 'gnome_libsecret', true],
    ['linux', true, 'kwallet6', true],
    ['linux', true, 'basic_text', false],
    ['linux', true, 'unknown', false],
    ['linux', false, 'gnome_libsecret', false],
  ] as const)('on %s with encryption %s and backend %s: %s', (platform, encryption, backend, offered) => {
    electronLog.encryption = encryption;
    electronLog.backend = backend;
    expect(hasKeyStore(platform)).toBe(offered);
  });
});

describe('a key over the control port', () => {
  test('is wrapped and comes back as it was', async () => {
    const [shell, core] = portPair();
    serveKeyStore(shell as unknown as Electron.MessagePortMain);
    const keys = portKeyWrap(core);
    const key = new Uint8Array([0, 1, 2, 253, 254, 255]);
    const wrapped = await keys.wrap(key);
    expect(Buffer.from(wrapped).includes(Buffer.from(key))).toBe(false);
    expect(new Uint8Array(await keys.unwrap(wrapped))).toEqual(key);
  });
  test('that cannot be unwrapped says why', async () => {
    const [shell, core] = portPair();
    serveKeyStore(shell as unknown as Electron.MessagePortMain);
    await expect(portKeyWrap(core).unwrap(new Uint8Array([1]))).rejects.toThrow(
      /key store refused: Error while/,
    );
  });
  test('fails when the app is gone, before and after', async () => {
    const [shell, core] = portPair();
    const keys = portKeyWrap(core as MainPort);
    const asked = keys.wrap(new Uint8Array([1]));
    shell.close();
    await expect(asked).rejects.toThrow(/is gone/);
    await expect(keys.wrap(new Uint8Array([1]))).rejects.toThrow(/is gone/);
  });
});
