import { expect, test } from 'vitest';
import { ServerFacts } from '../../../main/core/upstream/facts.ts';
import { FakeClock } from '../../fakes/clock.ts';

test('a server that gives reason for doubt each time is asked for its era more and more seldom', () => {
  const clock = new FakeClock();
  const facts = new ServerFacts({ server: 'x', clock, log: () => {} });
  facts.use({ kind: 'http', url: 'https://x.example/mcp', headers: {} });
  let asked = 0;
  for (let second = 0; second < 600; second++) {
    if (facts.era === undefined) {
      asked++;
      facts.learnEra('legacy', true);
    }
    facts.doubt();
    clock.advance(1000);
  }
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(13);
});
