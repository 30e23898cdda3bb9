// @module-tag slow
import { test } from 'vitest';
import { realClients, scratch } from '../kit.ts';
import { CASES, meaningOf, rewritten } from './golden-kit.ts';

const CANARY = /canary-[a-z0-9-]+/g;

test.concurrent.for(CASES)(
  '$client on $system: before, after, undone',
  async (it, { expect, onTestFinished }) => {
    const { client, place, kind } = it;
    const home = scratch();
    onTestFinished(() => home.remove());
    const before = it.before();
    home.write(place, before);
    const options = it.options(home);
    const { clients, deps, identities } = await realClients(home, options);

    const [plan] = await clients.plan([client], 'connect');
    expect(home.bytes(place).equals(before)).toBe(true);
    expect(JSON.stringify(plan)).not.toMatch(CANARY);

    const [result] = await clients.apply([client], 'connect', { [client]: plan?.digest ?? '' });
    expect(result).toMatchObject({ ok: true });
    const token = await identities.tokenFor(client);
    const after = home.read(place).replaceAll(token, 'TOKEN').replaceAll(deps.dataDir, 'DATA');
    await expect(after).toMatchFileSnapshot(it.fixture(`after.${kind}`));
    const story = [
      plan?.files.map((file) => file.diff).join('\n'),
      plan?.files
        .flatMap((file) =>
          file.entries.map((entry) =>
            [entry.action, entry.name, entry.project, entry.reason, entry.secrets.join(', ')]
              .filter(Boolean)
              .join(' | '),
          ),
        )
        .join('\n'),
      plan?.warnings.join('\n'),
      JSON.stringify(deps.servers.all(), null, 2),
    ].join('\n\n');
    await expect(story.replaceAll(deps.dataDir, 'DATA')).toMatchFileSnapshot(it.fixture('plan.txt'));

    const secrets = [...new Set(before.toString().match(CANARY)), 'canary-from-environment'];
    for (const { path, bytes } of home.files()) {
      for (const canary of secrets) expect(bytes.includes(canary), `${canary} in ${path}`).toBe(false);
      if (!path.endsWith(place)) expect(bytes.includes(token.slice(3)), `the token in ${path}`).toBe(false);
    }

    const undone = await realClients(home, options);
    const [back] = await undone.clients.apply([client], 'disconnect');
    expect(back).toMatchObject({ ok: true, restored: result?.routed });
    expect(home.bytes(place).equals(before)).toBe(true);
    expect((await undone.secrets.names()).filter((name) => name.startsWith('journal/'))).toEqual([]);
  },
);

test.concurrent.for(CASES)(
  '$client on $system: undone after the client wrote the file again',
  async (it, { expect, onTestFinished }) => {
    const { client, place, kind } = it;
    const home = scratch();
    onTestFinished(() => home.remove());
    home.write(place, it.before());
    const options = it.options(home);
    const { clients } = await realClients(home, options);
    const [result] = await clients.apply([client], 'connect');
    home.write(place, rewritten(home.read(place), kind));
    const [back] = await (await realClients(home, options)).clients.apply([client], 'disconnect');
    expect(back).toMatchObject({ ok: true, restored: result?.routed });
    expect(meaningOf(home.read(place), kind)).toEqual(meaningOf(it.before().toString(), kind));
  },
);
