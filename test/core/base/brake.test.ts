import { expect, test } from 'vitest';
import { Brake } from '../../../main/core/base/brake.ts';
import { FakeClock } from '../../fakes/clock.ts';

const setUp = (more: { most?: number; calmMs?: number } = {}) => {
  const clock = new FakeClock();
  return { clock, brake: new Brake({ clock, free: 2, firstMs: 100, longestMs: 1000, ...more }) };
};

test('the first tries are free, then each pause is twice the one before, up to the longest', () => {
  const { clock, brake } = setUp();
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; tries++) {
    brake.tried();
    pauses.push(brake.waitMs());
    clock.advance(brake.waitMs());
    expect(brake.waitMs()).toBe(0);
  }
  expect(pauses).toEqual([0, 100, 200, 400, 800, 1000, 1000, 1000]);
});

test('numbers stay numbers however long it goes on', () => {
  const { brake } = setUp();
  for (let tries = 0; tries < 5000; tries++) brake.tried();
  expect(brake.waitMs()).toBe(1000);
});

test('help begins the row anew', () => {
  const { brake } = setUp();
  for (let tries = 0; tries < 5; tries++) brake.tried('It refused.');
  expect(brake.why).toBe('It refused.');
  brake.forget();
  expect([brake.tries, brake.waitMs(), brake.why]).toEqual([0, 0, undefined]);
});

test('says when it was tried too often, and why the last try did not help', () => {
  const { brake } = setUp({ most: 3 });
  brake.tried('First.');
  brake.tried();
  expect([brake.over, brake.why]).toEqual([false, 'First.']);
  brake.tried('Third.');
  expect([brake.over, brake.why, brake.tries]).toEqual([true, 'Third.', 3]);
});

test('a wall clock that is set says nothing about pauses', () => {
  const { clock, brake } = setUp();
  brake.tried();
  brake.tried();
  clock.jump(3_600_000);
  expect(brake.waitMs()).toBe(100);
  clock.jump(-7_200_000);
  expect(brake.waitMs()).toBe(100);
});

test('tries far apart are not in a row', () => {
  const { clock, brake } = setUp({ calmMs: 60_000 });
  for (let tries = 0; tries < 5; tries++) {
    brake.tried();
    clock.advance(60_000);
  }
  expect([brake.tries, brake.waitMs()]).toEqual([1, 0]);
});
