/** A process of its own that connects or puts back one client, and is killed by itself, for real, at one of its steps. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createClients } from '../../../../main/core/clients/index.ts';
import { createIdentities, createSecretStore, createSettings } from '../../../../main/core/settings/index.ts';
import { createServerRegistry } from '../../../../main/core/settings/registry.ts';
import { systemClock as clock } from '../../../../main/host/node/node-ports.ts';
import { steppedFiles } from '../steps-kit.ts';

const [home = '', client = '', direction = '', dieAt = '0'] = process.argv.slice(2);
const log = (): void => undefined;
const { files, count } = steppedFiles(async ({ number, run, byHalf }) => {
  if (number !== Number(dieAt)) return run();
  await byHalf();
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
});
const dir = join(home, 'data');
const secrets = await createSecretStore({ files, dir, randomBytes });
const settings = await createSettings({ files, dir, clock, log });
const clients = createClients({
  ports: {
    clock,
    files,
    log,
    randomBytes: (size) => randomBytes(size),
    processes: async () => null,
    machine: { platform: 'linux', home, env: {}, bridge: { command: '/opt/node', args: ['/opt/bridge.js'] } },
  },
  dataDir: dir,
  secrets,
  identities: await createIdentities({ secrets, randomBytes, clientName: (id) => id }),
  servers: createServerRegistry(settings, secrets),
  gatewayUrl: () => 'http://127.0.0.1:7717',
  lastHandshake: () => null,
});
const results =
  direction === 'restore' ? await clients.restoreAll() : await clients.apply([client], 'connect');
process.stdout.write(JSON.stringify({ steps: count(), ok: results.every(({ ok }) => ok) }));
