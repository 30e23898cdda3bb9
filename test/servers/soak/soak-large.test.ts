import { afterEach, describe, expect, test } from 'vitest';
import { RawClient } from '../../fakes/raw-client.ts';
import { MB, type Soak, soak, within } from './soak-harness.ts';

/** Messages near the limit of 64 MB, and beyond it. */

let running: Soak | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

describe.each(['stdio', 'json', 'sse'] as const)('messages of many megabytes over %s', (kind) => {
  test('12 and 60 MB pass both ways; more is an error with its id, and the session goes on', async () => {
    running = await soak(kind);
    const { parts } = running;
    const client = new RawClient(parts.url());
    await client.initialize();
    const pid = (await client.call('pid')).last.result?.content?.[0]?.text;
    for (const size of [12 * MB, 60 * MB]) {
      const up = await within(20_000, client.call('length', { x: 'y'.repeat(size) }));
      expect(up.last.result?.content?.[0]?.text).toBe(String(size + 8));
      const down = await within(20_000, client.call('big', { bytes: size }));
      expect(down.last.result?.content?.[0]?.text.length).toBe(size);
    }
    const up = await within(20_000, client.call('length', { x: 'y'.repeat(65 * MB) }));
    expect(up.status).toBe(413);
    expect(up.last).toMatchObject({ id: expect.any(Number), error: { code: -32600 } });
    const down = await within(20_000, client.call('big', { bytes: 65 * MB }));
    expect(down.last).toMatchObject({
      id: expect.any(Number),
      error: { message: expect.stringContaining('67108864') },
    });
    expect((await client.call('pid')).last.result?.content?.[0]?.text).toBe(pid);
  });
});
