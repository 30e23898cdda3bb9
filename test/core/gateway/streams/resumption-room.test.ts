// @module-tag slow
import { describe, expect, test } from 'vitest';
import { Shelf } from '../../../../main/core/gateway/streams/event-buffer.ts';
import { type KeptStream, KeptStreams } from '../../../../main/core/gateway/streams/resumable-streams.ts';

/** The room that kept events take, whatever happens to their streams. */

function streams(
  shelf: Shelf,
  maxBytes: number,
  clock: { now: number },
  unheard: string[] = [],
): KeptStreams {
  return new KeptStreams({
    maxBytes,
    shelf,
    resumeMs: 1000,
    now: () => clock.now,
    tag: () => 'tag',
    version: () => '2025-11-25',
    unheard: (request) => void unheard.push(request),
  });
}
/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

test.each([1, 2, 3, 4, 5])('is never more than allowed, and comes back to nothing (seed %i)', (seed) => {
  const next = numbers(seed);
  const clock = { now: 0 };
  const shelf = new Shelf(20_000);
  const sessions = [0, 1, 2].map(() => streams(shelf, 9000, clock));
  const open: { owner: KeptStreams; stream: KeptStream }[] = [];
  for (let step = 0; step < 5000; step++) {
    const owner = sessions[next(3)] as KeptStreams;
    const one = open.length > 0 ? open[next(open.length)] : undefined;
    switch (next(6)) {
      case 0: {
        const stream = owner.open(next(2) === 0 ? 'post' : 'get', { resume() {} });
        if (stream) open.push({ owner, stream });
        break;
      }
      case 1:
        one?.stream.left(next(2) === 0);
        break;
      case 2:
        one?.stream.finish();
        break;
      case 3:
        clock.now += next(400);
        owner.tick(clock.now);
        break;
      default:
        one?.stream.add(Buffer.alloc(next(10) === 0 ? 10_000 : next(600)), { answers: '1', asks: '"q"' });
    }
    expect(shelf.bytes).toBeLessThanOrEqual(20_000);
    expect(shelf.bytes).toBe(sessions.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const { bytes } of sessions) expect(bytes).toBeLessThanOrEqual(9000);
  }
  expect(open.length).toBeGreaterThan(500);
  for (const session of sessions) session.end();
  expect(shelf.bytes).toBe(0);
});

describe('streams', () => {
  test('are remembered up to a thousand; those under way are never forgotten for it', () => {
    const clock = { now: 0 };
    const kept = streams(new Shelf(1e9), 1e9, clock);
    const running = kept.open('post', { resume() {} }) as KeptStream;
    running.left(false);
    const ended: KeptStream[] = [];
    for (let i = 0; i < 1500; i++) {
      const stream = kept.open('post', { resume() {} }) as KeptStream;
      stream.add(Buffer.from('{}'), { answers: String(i) });
      stream.finish();
      stream.left(true);
      ended.push(stream);
    }
    const known = (stream: KeptStream): unknown => kept.find(`${stream.name}.1.${kept.tag}`);
    expect(known(running)).toMatchObject({ after: 1 });
    expect(known(ended[0] as KeptStream)).toBe('gone');
    expect(ended.filter((stream) => known(stream) !== 'gone')).toHaveLength(999);
  });

  test('that took questions which never went out give them back once; others do not', () => {
    const unheard: string[] = [];
    const kept = streams(new Shelf(1e9), 1e9, { now: 0 }, unheard);
    const stream = kept.open('post', { resume() {} }) as KeptStream;
    stream.add(Buffer.from('{}'), { asks: 'written' });
    stream.left(false);
    stream.add(Buffer.from('{}'), { asks: 'replayed' });
    expect(stream.after(1)).toHaveLength(1);
    stream.add(Buffer.from('{}'), { asks: 'never' });
    kept.end();
    kept.end();
    expect(unheard).toEqual(['never']);
  });
});
