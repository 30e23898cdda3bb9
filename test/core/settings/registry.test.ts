import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecretStore, createSettings } from '../../../main/core/settings/index.ts';
import { createServerRegistry } from '../../../main/core/settings/registry.ts';
import type { StdioConfig } from '../../../shared/schemas/server.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { dataFolder, files } from './helpers.ts';

test('what runs with the configuration of a server is ended when another takes its place', async () => {
  const dir = dataFolder();
  const clock = new FakeClock(0);
  const settings = await createSettings({ files, dir, clock, log: () => undefined });
  const secrets = await createSecretStore({ files, dir, randomBytes });
  const replaced: string[] = [];
  const registry = createServerRegistry(settings, secrets, async (server) => {
    // Whoever starts it again from here on gets the new configuration.
    replaced.push(`${server}: ${registry.target(server)}`);
  });
  const plain: StdioConfig = { kind: 'stdio', command: 'a', args: [], env: {} };
  await registry.put('one', plain);
  await registry.put('one', { ...plain });
  expect(replaced).toEqual([]);
  await registry.put('one', { ...plain, command: 'b' });
  expect(replaced).toEqual(['one: b']);
  const secret: StdioConfig = { ...plain, command: 'c', env: { TOKEN: { secret: 'server/two/t' } } };
  await registry.put('two', secret);
  await registry.put('two', secret);
  expect(replaced).toEqual(['one: b', 'two: c']);
});
