// @module-tag slow
import { execFile } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realClients, type Scratch, scratch } from '../kit.ts';
import { leftovers, sample } from '../steps-kit.ts';

/** Kept small: each is two processes. The steps in between are tried in-process, see kill.test.ts. */
const SAMPLES = 6;

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

/** Runs the child in the scratch home; what it says, or null when it was killed. */
function child(client: string, direction: 'connect' | 'restore', dieAt: number) {
  const script = join(import.meta.dirname, 'kill-child.ts');
  const args = [script, home.dir, client, direction, String(dieAt)];
  return new Promise<{ steps: number; ok: boolean } | null>((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (error?.signal === 'SIGKILL') resolve(null);
      else if (error) reject(new Error(stderr || error.message));
      else resolve(JSON.parse(stdout));
    });
  });
}

test.each(['claude-code', 'cline'])(
  '%s: a process that is really killed',
  async (client) => {
    const { place, before } = sample(client);
    const fresh = (): void => {
      home.remove();
      home = scratch();
      home.write(place, before);
    };
    const staleLock = (): void => {
      try {
        utimesSync(`${join(home.dir, place)}.lock`, 1, 1);
      } catch {
        // It was not killed while it held the lock.
      }
    };
    for (const direction of ['connect', 'restore'] as const) {
      fresh();
      if (direction === 'restore') await child(client, 'connect', 0);
      const whole = await child(client, direction, 0);
      expect(whole?.ok).toBe(true);
      const steps = whole?.steps ?? 0;
      expect(steps).toBeGreaterThan(60);
      // The later steps are those that change something of the client.
      const points = Array.from({ length: SAMPLES }, (_, i) =>
        Math.round(steps * (0.3 + (0.7 * (i + 1)) / (SAMPLES + 1))),
      );
      for (const dieAt of new Set(points)) {
        fresh();
        if (direction === 'restore') await child(client, 'connect', 0);
        const routed = home.read(place);
        expect(await child(client, direction, dieAt)).toBeNull();
        const text = home.read(place);
        const { identities, clients } = await realClients(home);
        if (direction === 'restore') expect([before, routed]).toContain(text);
        else if (text !== before) expect(text).toContain(await identities.tokenFor(client));
        staleLock();
        await clients.recover();
        expect(await clients.restoreAll()).toSatisfy((all: { ok: boolean }[]) => all.every(({ ok }) => ok));
        expect(home.read(place)).toBe(before);
        // A lock that nobody needed since is left for whoever finds it stale.
        expect((await leftovers(home)).filter((name) => !name.endsWith('.lock'))).toEqual([]);
      }
    }
  },
  120_000,
);
