import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCore } from '../../main/core/create-core.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';

test('a core that is stopped while the clients are looked at waits for that, and takes no more', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-stop-'));
  const logged: string[] = [];
  const ports = nodePorts({
    bridge: { command: 'node', args: [] },
    log: (level, message, detail) => void logged.push(`${level} ${message} ${String(detail ?? '')}`),
  });
  // Slow disks: a look takes a while.
  const files = {
    ...ports.files,
    stat: async (...args: Parameters<typeof ports.files.stat>) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ports.files.stat(...args);
    },
  } as typeof ports.files;
  const core = await createCore({
    ports: { ...ports, files, machine: { ...ports.machine, home: dir, env: { HOME: dir } } },
    dataDir: join(dir, 'data'),
    version: '0',
    host: 'headless',
    pid: process.pid,
    onStopRequest: () => {},
  });
  try {
    await core.start(0);
    const looks = [core.parts.clients.diagnose(), core.parts.clients.scan()];
    await core.stop();
    expect((await Promise.all(looks)).every(Array.isArray)).toBe(true);
    await expect(core.parts.clients.scan()).rejects.toThrow('Drawbridge is stopping');
    expect(logged.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
