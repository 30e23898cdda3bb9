// @module-tag slow
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../main/core/policy/language/conditions.ts';
import { bare, engineOf, facts, policyOf } from '../helpers.ts';
import { args, calls, condition, document, limited } from './policy-arbitrary.ts';
import { type RefCall, type RefDocument, Reference } from './reference.ts';
import { find, one } from './reference-conditions.ts';

const NIGHTLY = process.env.DRAWBRIDGE_NIGHTLY === '1';
const RUNS = NIGHTLY ? 100_000 : 4000;

const TIMEOUT = NIGHTLY ? 1_800_000 : 60_000;

const factsOf = (made: RefCall) =>
  facts(made.tool, made.args as object, {
    clientId: made.client,
    server: made.server,
    session: made.session,
    argsDigest: JSON.stringify(made.args),
  });

/** What happens between calls: time passes, and the clock may be set. */
const step = fc.record({
  call: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  approve: fc.boolean(),
  back: fc.constantFrom(false, false, false, true),
  wait: fc.constantFrom(0, 0, 1, 500, 999, 1000, 1500, 30_000, 59_999, 60_000, 3_600_000),
  jump: fc.constantFrom(0, 0, 0, 0, 5000, -5000, -3_600_000),
});

describe('the engine and the reference evaluator', () => {
  it('agree on the answer of every condition', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(condition, args, (made, given) => {
        const policy = policyOf({ version: '1', tools: { t: { require: [made] } } });
        const compiled = policy.base.exact.get('t')?.require[0];
        if (compiled === undefined) throw new Error('the condition is gone');
        const answers = find(made.path, given).map((place) => one(made, place));
        const any = answers.includes('yes') ? 'yes' : answers.includes('cannot') ? 'unfit' : 'no';
        const every = answers.includes('no') ? 'no' : answers.includes('cannot') ? 'unfit' : 'yes';
        const real = bare(given) as Parameters<typeof evaluate>[1];
        expect({
          any: evaluate(compiled, real, 'any').truth,
          every: evaluate(compiled, real, 'every').truth,
        }).toEqual({ any, every });
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('agree on the decision and its rule, over sequences of calls, windows and approvals', {
    timeout: TIMEOUT,
  }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(document, calls, steps, fc.constantFrom(null, null, 1, 2), (made, four, walk, loop) =>
        agree(made, four, walk, loop, seen),
      ),
      { numRuns: RUNS },
    );
    // Every kind of rule decides, each on both sides it has: else the comparison says nothing.
    expect(KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
  });

  it('agree on limits of every scope', { timeout: TIMEOUT }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(limited, calls, steps, (made, four, walk) => agree(made, four, walk, null, seen)),
      { numRuns: RUNS / 2 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['allow by entry', 'ask by limits', 'deny by limits']));
  });
});

const steps = fc.array(step, { minLength: 1, maxLength: 8 });

/** Takes both through the same calls; notes by which kinds of rules they were decided. */
function agree(
  made: RefDocument,
  four: readonly RefCall[],
  walk: readonly { call: number; approve: boolean; back: boolean; wait: number; jump: number }[],
  loop: number | null,
  seen: Set<string>,
): void {
  const { engine, state, clock } = engineOf(made, { loopGuard: loop === null ? null : { max: loop } });
  const reference = new Reference(made, loop);
  let now = 0;
  for (const { call: which, approve, back, wait, jump } of walk) {
    const one = four[which] as RefCall;
    const given = factsOf(one);
    const verdict = engine.judge(given);
    seen.add(`${verdict.decision} by ${kindOf(verdict.rule)}`);
    expect({ decision: verdict.decision, rule: verdict.rule }).toEqual(reference.judge(one, now));
    // Each decision is one sentence, perhaps with the words of whoever wrote the rule after it.
    expect(verdict.reason).toMatch(SENTENCE);
    const real = engine.reserve(given, approve);
    const expected = reference.forward(one, now, approve);
    expect({ decision: real.verdict.decision, rule: real.verdict.rule }).toEqual(expected.verdict);
    expect(real.ok).toBe(expected.back !== undefined);
    if (back && real.ok) {
      real.reservation.release();
      expected.back?.();
    }
    clock.advance(wait);
    now += wait;
    // The loop guard looks at the clock only where it has something to count, so it is not set then.
    if (loop === null && jump !== 0) {
      state.counters.check([PROBE]);
      clock.jump(jump);
      state.counters.check([PROBE]);
      // Set back, time goes on from where it was; set forward, it is later.
      now += Math.max(0, jump);
    }
  }
}
/** Begins with the tool or the guard's words, and ends like a sentence. */
const SENTENCE = /^\S.*\S\.$/s;

/** `deny_if`, `limits`, `default`, … */
function kindOf(rule: string): string {
  const names = /\/(deny_if|require|limits|rate_limit|ask_if|allow_if|action|default|hide)(\/\d+)?$/.exec(
    rule,
  );
  const where = rule.includes('/all_tools/') ? 'all_tools ' : rule.startsWith('/clients/') ? 'overlay ' : '';
  return rule === 'guard:loop' ? rule : where + (names?.[1] ?? 'entry');
}
const KINDS = [
  ...['hide', 'overlay hide'].map((rule) => `hide by ${rule}`),
  ...['action', 'default', 'deny_if', 'require', 'limits', 'rate_limit'].flatMap((rule) => [
    `deny by ${rule}`,
    `deny by overlay ${rule}`,
  ]),
  ...['deny_if', 'require', 'limits', 'rate_limit'].map((rule) => `deny by all_tools ${rule}`),
  ...['action', 'default', 'ask_if', 'limits'].flatMap((rule) => [
    `ask by ${rule}`,
    `ask by overlay ${rule}`,
  ]),
  ...['ask_if', 'limits'].map((rule) => `ask by all_tools ${rule}`),
  ...['entry', 'default', 'allow_if'].flatMap((rule) => [`allow by ${rule}`, `allow by overlay ${rule}`]),
  'ask by guard:loop',
  'deny by guard:loop',
];

/** Makes the counters look at the clock. */
const PROBE = { key: 'probe', windowMs: 1000, max: 1n, amount: 0n, lasting: false };
