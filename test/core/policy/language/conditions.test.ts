import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../main/core/codec/types.ts';
import { type Condition, evaluate, type Truth } from '../../../../main/core/policy/language/conditions.ts';
import { globMatches, literalLength } from '../../../../main/core/policy/language/glob.ts';
import { OPERATORS } from '../../../../main/core/policy/language/operators/table.ts';
import { parsePath } from '../../../../main/core/policy/language/path.ts';
import type { Operator } from '../../../../shared/schemas/policy.ts';
import { cpuTime } from '../../../kit/cpu-time.ts';
import { bare } from '../helpers.ts';

function condition(path: string, op: Operator, value?: Json): Condition {
  const compiled = OPERATORS[op].compile(op, value);
  if (!('test' in compiled)) throw new Error(compiled.problem);
  return { pointer: '', path, steps: parsePath(path) ?? [], op, value, message: null, test: compiled.test };
}
const truth = (
  op: Operator,
  value: Json | undefined,
  arg: unknown,
  quantifier: 'any' | 'every' = 'any',
): Truth =>
  evaluate(condition('args.a', op, value), bare(arg === undefined ? {} : { a: arg }) as never, quantifier)
    .truth;

const KINDS = {
  missing: undefined,
  null: null,
  true: true,
  number: 7,
  text: 'eur',
  list: [7, 'eur'],
  object: { x: 1 },
};
/** For each operator: the value, and the truth for missing, null, true, 7, 'eur', [7,'eur'], {x:1}. y n u = yes no unfit. */
const TABLE: [Operator, Json | undefined, string][] = [
  ['eq', 7, 'nuuyuuu'],
  ['eq', 'eur', 'nuuuyuu'],
  ['eq', true, 'nuyuuuu'],
  ['eq', null, 'nynnnnn'],
  ['neq', null, 'nnyyyyy'],
  ['in', [null], 'nynnnnn'],
  ['not_in', [null], 'nnyyyyy'],
  ['in', [null, 'eur'], 'nyuuyuu'],
  ['eq', [7, 'eur'], 'nuuuuyu'],
  ['eq', { x: 1 }, 'nuuuuuy'],
  ['neq', 7, 'nuunuuu'],
  ['neq', 8, 'nuuyuuu'],
  ['neq', 'usd', 'nuuuyuu'],
  ['in', [7, 8], 'nuuyuuu'],
  ['in', ['eur', 7], 'nuuyyuu'],
  ['in', ['usd'], 'nuuunuu'],
  ['not_in', ['usd'], 'nuuuyuu'],
  ['not_in', ['eur'], 'nuuunuu'],
  ['lt', 8, 'nuuyuuu'],
  ['lt', 7, 'nuunuuu'],
  ['lte', 7, 'nuuyuuu'],
  ['gt', 6, 'nuuyuuu'],
  ['gt', 7, 'nuunuuu'],
  ['gte', 7, 'nuuyuuu'],
  ['regex', '^eu', 'nuuuyuu'],
  ['regex', '^us', 'nuuunuu'],
  ['contains', 'eur', 'nuuuyyu'],
  ['contains', 'u', 'nuuuyuu'],
  ['contains', 7, 'nuuuuyu'],
  ['exists', undefined, 'nyyyyyy'],
  ['not_exists', undefined, 'ynnnnnn'],
  ['starts_with', 'eu', 'nuuuyuu'],
  ['ends_with', 'ur', 'nuuuyuu'],
  ['ends_with', 'us', 'nuuunuu'],
  ['glob', 'e*r', 'nuuuyuu'],
  ['glob', 'u*', 'nuuunuu'],
];

describe('operators', () => {
  it.each(TABLE)('%s %j', (op, value, expected) => {
    const got = Object.values(KINDS).map((arg) => truth(op, value, arg)[0]);
    expect(got.join('')).toBe(expected);
  });

  it('never throws and gives one of three answers, for any value of any type', () => {
    const operators = TABLE.map(([op, value]) => [op, value] as const);
    fc.assert(
      fc.property(
        fc.constantFrom(...operators),
        fc.jsonValue(),
        fc.constantFrom('any', 'every'),
        ([op, value], arg, q) => {
          expect(['yes', 'no', 'unfit']).toContain(truth(op, value, arg, q as 'any'));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not compare numbers that a double has rounded, nor infinite ones', () => {
    expect(truth('eq', 9007199254740992, 9007199254740992)).toBe('unfit');
    expect(truth('gt', 500, 1e300)).toBe('yes');
    expect(truth('gt', 500, JSON.parse('1e400'))).toBe('unfit');
    expect(truth('lte', 500, JSON.parse('-1e400'), 'every')).toBe('unfit');
  });

  it('runs catastrophic patterns in linear time', () => {
    const started = cpuTime();
    expect(truth('regex', '^(a+)+$', `${'a'.repeat(20_000)}!`)).toBe('no');
    expect(truth('glob', `${'a*'.repeat(30)}b`, 'a'.repeat(20_000))).toBe('no');
    // Exponential engines would not end at all; the bound only tells "soon" from "never".
    expect(cpuTime() - started).toBeLessThan(5000);
  });

  it('anchors at the ends of the text, not of lines', () => {
    expect(truth('regex', '^git [a-z]+$', 'git status')).toBe('yes');
    expect(truth('regex', '^git [a-z]+$', 'git status\nrm -rf ~')).toBe('no');
    expect(truth('regex', '^git [a-z]+$', 'git status\n')).toBe('no');
    expect(truth('regex', '(?m)^rm', 'git status\nrm -rf ~')).toBe('yes');
    expect(truth('regex', '(?i)DELETE', 'WITH x AS (delete from t returning *) SELECT 1')).toBe('yes');
  });
});

describe('paths', () => {
  const args = bare({
    a: { b: 1, 'a key': 2 },
    list: [{ p: '/ok' }, { p: '/etc' }],
    empty: [],
    Amount: 9,
  }) as never;
  const at = (path: string, op: Operator, value?: Json, q: 'any' | 'every' = 'any') =>
    evaluate(condition(path, op, value), args, q).truth;

  it('reads keys, indexes and every element', () => {
    expect(at('args.a.b', 'eq', 1)).toBe('yes');
    expect(at('args.a["a key"]', 'eq', 2)).toBe('yes');
    expect(at('args.list[0].p', 'eq', '/ok')).toBe('yes');
    expect(at('args.list[5].p', 'exists')).toBe('no');
  });

  it('[*] holds for any element, and in require for every one', () => {
    expect(at('args.list[*].p', 'starts_with', '/etc')).toBe('yes');
    expect(at('args.list[*].p', 'starts_with', '/ok', 'every')).toBe('no');
    expect(at('args.list[*].p', 'starts_with', '/', 'every')).toBe('yes');
    expect(at('args.list[*].q', 'exists', undefined, 'every')).toBe('no');
    expect(at('args.empty[*].p', 'starts_with', '/', 'every')).toBe('no');
    expect(at('args.empty[*].p', 'starts_with', '/')).toBe('no');
  });

  it('does not fit through what is not an object or a list', () => {
    expect(at('args.list.p', 'exists')).toBe('unfit');
    expect(at('args.a[0]', 'exists')).toBe('unfit');
    expect(at('args.a.b.c', 'not_exists')).toBe('unfit');
  });

  it('does not fit when another spelling of the key is there too', () => {
    expect(at('args.amount', 'lt', 10)).toBe('unfit');
    expect(evaluate(condition('args.k', 'eq', 1), bare({ k: 1, '\u212a': 2 }) as never, 'any').truth).toBe(
      'yes',
    );
    expect(evaluate(condition('args.k', 'eq', 2), bare({ k: 1, '\u212a': 2 }) as never, 'any').truth).toBe(
      'unfit',
    );
    expect(evaluate(condition('args.k', 'eq', 1), bare({ k: 1, '\u212a': 2 }) as never, 'every').truth).toBe(
      'unfit',
    );
  });

  it('never reaches Object.prototype', () => {
    for (const key of ['toString', 'constructor', '__proto__', 'hasOwnProperty'])
      expect(evaluate(condition(`args.${key}`, 'exists'), {}, 'any').truth).toBe('no');
  });

  it.each(['', 'arg.a', 'args.', 'args..a', 'args[', 'args[x]', 'args[-1]', 'args.a b]', 'args["a]'])(
    'refuses %j',
    (path) => expect(parsePath(path)).toBeUndefined(),
  );
});

describe('globs', () => {
  it('match like the plain definition of *', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^]*')}$`);
        expect(globMatches(pattern, text)).toBe(regex.test(text));
      }),
      { numRuns: 2000 },
    );
  });
  it('count literal characters', () => {
    expect(literalLength('*')).toBe(0);
    expect(literalLength('delete_*')).toBe(7);
    expect(literalLength('a*b*c')).toBe(3);
  });
});
