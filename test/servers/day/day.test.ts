import { afterEach, beforeEach, expect, it } from 'vitest';
import { entriesOf } from '../../../renderer/features/approvals/queue/entries.ts';
import type { ApprovalView } from '../../../shared/schemas/approval.ts';
import type { RawClient } from '../../fakes/raw-client.ts';
import { SkippingClock } from '../../fakes/skipping-clock.ts';
import { Place, WholeCore } from '../whole-core.ts';
import { dayCalls } from './day-calls.ts';
import { DAY } from './day-tools.ts';

/**
 * How often a person is asked on a day: real servers, the real classifier, the recommended rules in force. Only the clock is
 * a test's, so that nine hours pass in seconds.
 */

let place: Place;
let whole: WholeCore;
let clock: SkippingClock;

beforeEach(async () => {
  place = new Place();
  clock = new SkippingClock();
  whole = await WholeCore.start(place, clock);
});
afterEach(async () => {
  await whole.stop();
  place.clear();
});

/** What a person saw come up, and how each was answered. */
interface Asked {
  readonly tool: string;
  readonly answer: string;
}

/**
 * A sensible person, who answers with what the prompt offers and nothing else: a rule for exactly this call from the second
 * time on, else for this client until quit where the severity is low, else for this exact call for a quarter of an hour. What
 * may only be allowed once is allowed once.
 */
class Person {
  readonly asked: Asked[] = [];
  readonly #core: WholeCore;
  readonly #seen = new Set<string>();
  readonly #times = new Map<string, number>();
  #busy: Promise<void> = Promise.resolve();

  constructor(core: WholeCore) {
    this.#core = core;
    core.onState(() => {
      // Calls that stand together in one entry come up as one thing.
      for (const { first, calls } of entriesOf(core.state.approvals)) {
        const fresh = calls.filter(({ id }) => !this.#seen.has(id));
        for (const { id } of fresh) this.#seen.add(id);
        if (fresh.length === calls.length) this.#busy = this.#busy.then(() => this.#answer(first));
      }
    });
  }
  /** Resolves when everything that came up is answered. Rejects with what went wrong. */
  done(): Promise<void> {
    return this.#busy;
  }

  async #answer(approval: ApprovalView): Promise<void> {
    const { id, tool, server, scopes, risk, argumentsDigest } = approval;
    const key = `${server}/${tool}`;
    const times = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, times);
    const scope =
      scopes.includes('always') && times > 1
        ? 'always'
        : scopes.includes('session') && (risk.severity === 'Low' || risk.severity === 'Medium')
          ? 'session'
          : scopes.includes('15m')
            ? '15m'
            : 'once';
    this.asked.push({ tool, answer: scope });
    await this.#core.call('approvals.decide', { id, decision: 'allow', scope, argumentsDigest });
  }
}

it('a day of 200 calls of 20 tools under recommended rules asks at most ten times', async () => {
  await Promise.all(
    Object.entries(DAY).map(([name, tools]) => whole.addWithRecommended(name, place.server(name, tools))),
  );
  const clients = new Map<string, RawClient>(
    await Promise.all(
      Object.keys(DAY).map(async (name) => [name, await whole.connect('claude-code', name)] as const),
    ),
  );
  const person = new Person(whole);

  const calls = dayCalls();
  expect(calls).toHaveLength(200);
  expect(new Set(calls.map(({ server, tool }) => `${server}/${tool}`)).size).toBe(20);
  const failed: string[] = [];
  for (const { server, tool, args, wait } of calls) {
    clock.advance(wait);
    const client = clients.get(server) as RawClient;
    const { last } = await client.call(tool, args);
    if (last.result === undefined || last.result.isError === true)
      failed.push(`${tool} ${JSON.stringify(args)}: ${JSON.stringify(last)}`);
    await person.done();
  }
  expect(failed).toEqual([]);
  // Every call ran, once, as it was sent.
  for (const name of Object.keys(DAY))
    expect(place.ran(name)).toEqual(calls.filter(({ server }) => server === name).map(({ args }) => args));

  const by = Object.groupBy(person.asked, ({ tool, answer }) => `${tool} (${answer})`);
  const list = Object.entries(by).map(([what, each]) => `${each?.length} × ${what}`);
  console.log(`A simulated day: ${calls.length} calls, ${person.asked.length} prompts: ${list.join(', ')}`);
  expect(person.asked.length).toBeLessThanOrEqual(10);
});
