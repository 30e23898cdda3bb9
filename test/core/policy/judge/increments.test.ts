import { describe, expect, it } from 'vitest';
import { engineOf, facts } from '../helpers.ts';

/** One limit of 10, filled by an argument. */
const spend = (more: object = {}) => ({
  version: '1',
  tools: {
    pay: {
      limits: [{ counter: 'spend', window: 'day', max: 10, increment_from: 'args.amount', ...more }],
    },
  },
});
/** Calls `pay` once for each JSON text, and tells which went through. */
function through(amounts: readonly string[], more: object = {}): string {
  const { engine } = engineOf(spend(more));
  return amounts
    .map((amount) => {
      const args = amount === '' ? {} : JSON.parse(`{"amount":${amount}}`);
      const { ok, verdict } = engine.reserve(facts('pay', args), false);
      if (!ok) expect(verdict).toMatchObject({ decision: 'deny', rule: '/tools/pay/limits/0' });
      return ok ? 'y' : 'n';
    })
    .join('');
}

describe('what is added to a counter', () => {
  it.each([
    ['a negative number', '-1'],
    ['a tiny negative number', '-0.000000000000001'],
    ['the text NaN', '"NaN"'],
    ['a number as text', '"5"'],
    ['an empty text', '""'],
    ['beyond a double', '1e999'],
    ['beyond a double, negative', '-1e999'],
    ['beyond exact whole numbers', '9007199254740992'],
    ['far beyond them', '1e300'],
    ['null', 'null'],
    ['true', 'true'],
    ['false', 'false'],
    ['a list', '[1]'],
    ['an empty list', '[]'],
    ['an object', '{"valueOf":1}'],
    ['nothing', ''],
  ])('%s cannot be counted: denied, and the counter stays as it was', (_name, amount) => {
    expect(through([amount, '10', '0.000000000001'])).toBe('nyn');
    const { engine } = engineOf(spend());
    const args = amount === '' ? {} : JSON.parse(`{"amount":${amount}}`);
    expect(engine.judge(facts('pay', args)).reason).toMatch(
      /^pay is denied because its limit cannot be counted: /,
    );
  });

  it.each([
    ['nothing is nothing', ['0', '-0', '0.0', '10', '0'], 'yyyyy'],
    ['whole numbers', ['4', '6', '1'], 'yyn'],
    ['more than there is, then less', ['11', '9', '2', '1'], 'nyny'],
    ['tenths add up to wholes', [...Array(100).fill('0.1'), '0.1'], `${'y'.repeat(100)}n`],
    ['0.1 + 0.2 is 0.3', ['9.7', '0.1', '0.2', '0.000000000001'], 'yyyn'],
    ['0.30000000000000004 is a little more', ['9.7', '0.30000000000000004', '0.3'], 'yny'],
    ['twelve decimals are exact', ['9.999999999999', '0.000000000001', '0.000000000001'], 'yyn'],
    ['finer is rounded up', ['9.999999999999', '0.0000000000001', '0.0000000000001'], 'yyn'],
    ['an exponent is a number like another', ['1e1', '1e-12'], 'yn'],
    ['the largest exact whole number is too much, not unknown', ['9007199254740991', '10'], 'ny'],
  ])('%s', (_name, amounts, expected) => expect(through(amounts)).toBe(expected));

  it('with [*] the sum counts, and one element that cannot be counted denies', () => {
    const all = { increment_from: 'args.amount[*]' };
    expect(through(['[1,2,3]', '[4]', '[0.1]', '[]', '[1,"2"]', '[-1,2]', '5'], all)).toBe('yynnnnn');
    expect(through(['[9,2]', '[9,1]'], all)).toBe('ny');
  });

  it('a fixed amount, and a max that is finer than can be counted, never let more through', () => {
    const fixed = { increment_from: undefined, increment: 2.5 };
    expect(through(['1', '1', '1', '1', '1'], fixed)).toBe('yyyyn');
    expect(through(['1'], { max: 0, increment_from: undefined })).toBe('n');
    expect(through(['0.000000000001'], { max: 1e-13 })).toBe('n');
    expect(through(['0'], { max: 0 })).toBe('y');
  });

  it('says when it is free again, and never where it cannot be', () => {
    const { engine, clock } = engineOf(spend());
    engine.reserve(facts('pay', { amount: 10 }), false);
    expect(engine.judge(facts('pay', { amount: 1 })).freeAt).toBe(clock.now() + 86_400_000);
    expect(engine.judge(facts('pay', { amount: 11 })).freeAt).toBeUndefined();
    expect(engine.judge(facts('pay', { amount: -1 })).freeAt).toBeUndefined();
  });
});
