import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCoreFile } from '../../../main/host/data-folder/core-file.ts';
import { launchersOf } from '../../../main/host/launcher/install.ts';
import { type RunningCore, runCore } from '../../../main/host/run-core.ts';
import { connectControl } from '../../../main/host/transports/ws-transport.ts';
import { contract } from '../../../shared/contract.ts';
import { createRpcClient } from '../../../shared/rpc/client.ts';
import { until } from '../../kit/until.ts';

let home: string;
let running: RunningCore | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drawbridge-run-'));
  // Nothing of the account this test runs in is looked at.
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', undefined);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test('a running core tells where it moved, writes the launchers, and can start at login', async () => {
  const dataDir = join(home, 'data');
  running = await runCore({
    dataDir,
    host: 'headless',
    gatewayPort: 0,
    uiPort: 0,
    machineBridge: { command: process.execPath, args: [join(home, 'bridge.js')] },
    log: () => {},
    onStopRequest: () => {},
  });
  const file = readCoreFile(dataDir);
  if (!file) throw new Error('no core file');
  expect(readFileSync(launchersOf(dataDir).bridge, 'utf8')).toContain(join(home, 'bridge.js'));
  const client = createRpcClient(contract, await connectControl(file.control, file.token, 'manager'));
  const first = await client.call('gateway.planMove', { port: null });
  await client.call('gateway.move', { port: first.to });
  expect(readCoreFile(dataDir)).toEqual({ ...file, gateway: `http://127.0.0.1:${first.to}` });

  const second = await client.call('gateway.planMove', { port: null });
  const settings = join(dataDir, 'settings.json');
  const text = readFileSync(settings, 'utf8');
  writeFileSync(settings, text.replace(`"gatewayPort": ${first.to}`, `"gatewayPort": ${second.to}`));
  await until(() => readCoreFile(dataDir)?.gateway === `http://127.0.0.1:${second.to}`);

  const { ui: _none, control: _old, ...rest } = readCoreFile(dataDir) ?? file;
  const third = await client.call('gateway.planMove', { port: null });
  await client.call('settings.set', { key: 'uiPort', value: String(third.to) });
  await until(() => readCoreFile(dataDir)?.control === `ws://127.0.0.1:${third.to}`);
  expect(readCoreFile(dataDir)).toMatchObject(rest);
  const again = createRpcClient(
    contract,
    await connectControl(`ws://127.0.0.1:${third.to}`, file.token, 'manager'),
  );
  expect((await again.call('core.state', {})).problems).toEqual([]);
  again.close();
  await expect(connectControl(file.control, file.token, 'manager')).rejects.toThrow();
  await expect(
    client.call('settings.set', { key: 'uiPort', value: String(second.to) }),
  ).rejects.toMatchObject({ code: 'refused' });

  const login = await client.call('startAtLogin.set', { on: true });
  expect(login).toMatchObject({ on: true, kind: 'headless' });
  expect(readFileSync(login.place, 'utf8')).toContain(launchersOf(dataDir).commandLine);
  const doctor = await client.call('doctor', {});
  expect(doctor).toContainEqual(
    expect.objectContaining({
      name: 'start at login',
      ok: true,
      detail: expect.stringContaining(login.place),
    }),
  );
  writeFileSync(login.place, `${readFileSync(login.place, 'utf8')}# old\n`);
  expect(await client.call('doctor', {})).toContainEqual(
    expect.objectContaining({ name: 'start at login', ok: false, fix: 'drawbridge autostart on' }),
  );
  await client.call('clients.restoreAll', {});
  expect(await client.call('startAtLogin.get', {})).toMatchObject({ on: false });
  client.close();
});
