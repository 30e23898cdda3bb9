import { expect, test } from 'vitest';
import { Known } from '../../../main/core/upstream/facts.ts';
import { FakeClock } from '../../fakes/clock.ts';

test('a server that gives reason for doubt each time is asked for its era more and more seldom', () => {
  const clock = new FakeClock();
  const known = new Known({ server: 'x', clock, log: () => {} });
  known.use({ kind: 'http', url: 'https://x.example/mcp', headers: {} });
  let asked = 0;
  for (let second = 0; second < 600; second++) {
    if (known.era === undefined) {
      asked++;
      known.learnEra('legacy', true);
    }
    known.doubt();
    clock.advance(1000);
  }
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(13);
});
