import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Core, createCore } from '../../main/core/create-core.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';

/** A port that somebody takes between the choice and the listening, or between two starts. */

let dir: string;
let other: Server | undefined;
const cores: Core[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drawbridge-port-'));
});
afterEach(async () => {
  for (const core of cores.splice(0)) await core.stop();
  await new Promise<void>((done) => (other ? other.close(() => done()) : done()));
  other = undefined;
  rmSync(dir, { recursive: true, force: true });
});

async function make(): Promise<Core> {
  const ports = nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} });
  const core = await createCore({
    ports: { ...ports, machine: { ...ports.machine, home: dir, env: { HOME: dir } } },
    dataDir: join(dir, 'data'),
    version: '0',
    host: 'headless',
    pid: process.pid,
    onStopRequest: () => {},
  });
  cores.push(core);
  return core;
}
const saved = (core: Core): number => core.parts.settings.get().gatewayPort ?? 0;
const listen = (port: number): Promise<number> =>
  new Promise((done, fail) => {
    other = createServer()
      .once('error', fail)
      .listen(port, '127.0.0.1', function (this: Server) {
        done((this.address() as AddressInfo).port);
      });
  });

test('a port just chosen that is taken meanwhile gives way to another, which is kept', async () => {
  const core = await make();
  const chosen = saved(core);
  await listen(chosen);
  const { gateway } = await core.start();
  expect(gateway).not.toBe(`http://127.0.0.1:${chosen}`);
  expect(gateway).toBe(`http://127.0.0.1:${saved(core)}`);
});

test('a port that was kept is never given up: the files of clients name it', async () => {
  const first = await make();
  await first.start(0);
  const kept = saved(first);
  await first.stop();
  await listen(kept);
  const again = await make();
  await expect(again.start()).rejects.toThrow(`Port ${kept} on 127.0.0.1 is taken`);
  expect(saved(again)).toBe(kept);
});
