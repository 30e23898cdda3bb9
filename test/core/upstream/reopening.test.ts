import { expect, test } from 'vitest';
import { newState, Reopening } from '../../../main/core/upstream/http/stream.ts';
import { FakeClock } from '../../fakes/clock.ts';

const setUp = () => {
  const clock = new FakeClock();
  return { clock, reopening: new Reopening(clock), state: newState(undefined) };
};

test('a server that ends each stream at once and asks for no pause gets one, which grows', () => {
  const { reopening, state } = setUp();
  state.retry = 0;
  const waits = Array.from({ length: 9 }, () => {
    reopening.opens();
    reopening.ended();
    return reopening.waitMs(state, 0);
  });
  expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000]);
});

test('the pause that the server asks for counts where it is longer', () => {
  const { reopening, state } = setUp();
  state.retry = 5000;
  reopening.ended();
  expect(reopening.waitMs(state, 0)).toBe(5000);
});

test('without a wish it is a second, twice as long after each failure', () => {
  const { reopening, state } = setUp();
  reopening.ended();
  expect([0, 1, 2, 3].map((failures) => reopening.waitMs(state, failures))).toEqual([1000, 2000, 4000, 8000]);
});

test('a stream that lasted is opened again at once', () => {
  const { clock, reopening, state } = setUp();
  state.retry = 0;
  for (let i = 0; i < 5; i++) reopening.ended();
  reopening.opens();
  clock.advance(6000);
  expect(reopening.ended()).toBe(true);
  expect(reopening.waitMs(state, 0)).toBe(0);
});
