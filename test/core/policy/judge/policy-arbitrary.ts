import fc from 'fast-check';
import type { RefCall, RefDocument, RefLimit } from './reference.ts';
import type { Json, RefCondition } from './reference-conditions.ts';

/** Documents, calls and sequences of calls, chosen so that rules meet their arguments often and oddly. */
export const TOOLS = ['read_a', 'read_b', 'write_a', 'pay', 'send*'];
const KEYS = ['read_a', 'read_b', 'write_a', 'pay', '*', 'read_*', '*_a', 're*_a', 'pay*', '**', 'p*y'];
const CLIENTS = ['cursor', 'codex', 'claude~/code'];

const TEXTS = [
  '',
  'EUR',
  'eur',
  'EUR\nx',
  'git status',
  'git -c x=y log',
  'git log; id',
  'git\0 x',
  '/srv/a',
  '/srv/../etc',
  '/srv//a',
  '/srv/%2e%2e/a',
  '/srv/./a',
  './srv/a',
  'file:/srv/a',
  'srv/a',
  '/srv/a\nb',
  'https://good.example/x',
  'https://a.good.example/x?y=1',
  'https://evil.example/.good.example/',
  'https://good.example@evil.example/',
  'https://GOOD.example/',
  'https://good.example./',
  'https://good.example:443/x',
  'https://good.example:8443/x',
  'http://127.0.0.1/x',
  'http://0x7f.1/x',
  'http://2130706433/',
  'https://good.example/../x',
  'https://good.example',
  'see https://good.example/',
];
const NUMBERS = [0, -0, 1, 2, 0.1, 0.2, 0.3, 5, 50, -1, 1e-13, 9007199254740991, 2 ** 53, 1e300];

const text = fc.constantFrom(...TEXTS);
const number = fc.oneof(
  fc.constantFrom(...NUMBERS, Number.POSITIVE_INFINITY),
  fc.integer({ min: 0, max: 9 }),
);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  number,
  fc.constantFrom<Json>(null, true, false, '5', 'NaN', '1e999'),
);
const item: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.dictionary(fc.constantFrom('p', 'P', 'x'), scalar, { maxKeys: 2 }) as fc.Arbitrary<Json>,
);
const list = fc.array(item, { maxLength: 3 });

export const args: fc.Arbitrary<{ [key: string]: Json }> = fc
  .record(
    {
      a: fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: list }),
      n: fc.oneof({ weight: 6, arbitrary: number }, { weight: 1, arbitrary: scalar }),
      list: fc.oneof({ weight: 5, arbitrary: list }, { weight: 1, arbitrary: scalar }),
      o: fc.oneof(
        { weight: 5, arbitrary: fc.record({ x: scalar, l: list }, { requiredKeys: [] }) },
        { weight: 1, arbitrary: scalar },
      ),
      A: scalar,
      'a key': scalar,
    },
    { requiredKeys: [] },
  )
  .map((made) => made as { [key: string]: Json });

const PATHS = ['args.a', 'args.n', 'args.A', 'args.o.x', 'args["a key"]', 'args.list[0]', 'args.list[1].p'];
const LISTS = ['args.list[*]', 'args.list[*].p', 'args.o.l[*]', 'args.o.l[*]["x"]', 'args.o'];
const path = fc.constantFrom(...PATHS, ...LISTS);

const TEXT_RULES: [op: string, values: string[]][] = [
  [
    'glob',
    [
      'EUR',
      'E*',
      '*R',
      'git *',
      '/srv/*',
      '/srv/*/b',
      './*',
      'srv/*',
      'https://*.good.example/*',
      'http*://*/*',
      'https://*',
      '*://good.example',
      '*',
    ],
  ],
  [
    'starts_with',
    ['EUR', 'E', 'git ', '/srv/', '/', 'https://good.example/', 'https://good.example', 'srv/'],
  ],
  ['ends_with', ['R', 'example/', '']],
  [
    'regex',
    [
      '^EUR$',
      'EUR',
      '^E',
      '^git ',
      '^git [a-z]+$',
      '^/srv/',
      '^https?://[a-z.]+/',
      '[0-9]',
      '^https://good\\.example/x$',
    ],
  ],
];
const number9 = fc.constantFrom(0, 1, 2, 5, 0.3, 9007199254740992);
export const condition: fc.Arbitrary<RefCondition> = fc.oneof(
  fc.record({ path, op: fc.constantFrom('exists', 'not_exists') }),
  fc.record({
    path,
    op: fc.constantFrom('eq', 'neq'),
    value: fc.oneof(scalar.filter(finite), args.filter(finite)),
  }),
  fc.record({
    path,
    op: fc.constantFrom('in', 'not_in'),
    value: fc.array(scalar.filter(finite), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ path, op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: number9 }),
  fc.record({ path, op: fc.constant('contains'), value: fc.constantFrom<Json>('E', 5, true, '', 'x') }),
  fc
    .constantFrom(...TEXT_RULES)
    .chain(([op, values]) => fc.record({ path, op: fc.constant(op), value: fc.constantFrom(...values) })),
  fc.record({
    path: fc.constantFrom('args', 'args.o', 'args.a', 'args.list[*]'),
    op: fc.constant('keys_in'),
    value: fc.subarray(['a', 'n', 'o', 'x', 'l', 'p', 'list']),
  }),
  fc.record({ path: fc.constant('args'), op: fc.constantFrom('eq', 'neq'), value: args.filter(finite) }),
);

/** JSON cannot hold what is beyond a double; a document holds what JSON can. */
function finite(value: Json): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(finite);
}

const conditions = fc.array(condition, { maxLength: 2 });
const rules = fc.array(fc.record({ conditions }), { maxLength: 2 });
const some = fc.array(fc.record({ conditions: fc.array(condition, { minLength: 1, maxLength: 2 }) }), {
  maxLength: 2,
});
const window = fc.constantFrom<string | number>('second', 'minute', 'hour', 2, 60);
const limit = fc
  .record(
    {
      counter: fc.constantFrom('c', 'd'),
      window,
      max: fc.constantFrom(0, 1, 2, 3, 5, 0.3, 1e-13),
      scope: fc.constantFrom('grant', 'session', 'client', 'server', 'server', 'global'),
      increment: fc.constantFrom(0, 0.1, 2, 1e-13),
      increment_from: fc.constantFrom('args.n', 'args.list[*]', 'args.a', 'args.o.x', 'args.list[*].p'),
      on_exceed: fc.constantFrom('deny', 'ask', 'ask', 'require_approval'),
    },
    { requiredKeys: ['window', 'max'] },
  )
  .map(({ increment, ...rest }) =>
    increment === undefined || rest.increment_from !== undefined ? rest : { ...rest, increment },
  ) as fc.Arbitrary<RefLimit>;
const rate = fc.oneof(
  fc.constantFrom('1/second', '2/minute', '3/hour', '0/day'),
  fc.record({ max: fc.integer({ min: 0, max: 3 }), window }),
);
/** Few rules at a time, so that each gets its turn to decide. */
const rarely = <T>(value: fc.Arbitrary<T>, weight = 1) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });
const checks = {
  deny_if: rarely(some),
  require: rarely(fc.array(condition, { maxLength: 1 })),
  limits: rarely(fc.array(limit, { maxLength: 2 }), 3),
  rate_limit: rarely(rate, 2),
  ask_if: rarely(rules, 3),
};
const entry = fc
  .record({
    action: fc.constantFrom(undefined, 'allow', 'ask', 'require_approval', 'ask', 'deny', 'hide'),
    ...checks,
    allow_if: rarely(rules, 5),
  })
  .map(({ allow_if, ...rest }) =>
    allow_if === undefined || ((rest.action ?? 'allow') === 'allow' && rest.ask_if === undefined)
      ? rest
      : { ...rest, allow_if },
  );
const layer = {
  default: fc.constantFrom('allow', 'allow', 'ask', 'deny'),
  hide: rarely(fc.array(fc.constantFrom('read_b', '*_a', 'send*', 'x'), { maxLength: 1 })),
  all_tools: rarely(fc.record(checks), 2),
  tools: fc.dictionary(fc.constantFrom(...KEYS), entry, { maxKeys: 4 }),
};
export const document: fc.Arbitrary<RefDocument> = fc
  .record(
    {
      ...layer,
      clients: fc.record(
        {
          cursor: fc.record(layer, { requiredKeys: [] }),
          'claude~/code': fc.record(layer, { requiredKeys: [] }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['tools'] },
  )
  .map((made) => JSON.parse(JSON.stringify({ version: '1', ...made })) as RefDocument);

/** Nothing but limits, so that every call comes to them. */
export const limited: fc.Arbitrary<RefDocument> = fc
  .array(limit, { minLength: 1, maxLength: 2 })
  .map((limits) => JSON.parse(JSON.stringify({ version: '1', tools: { '*': { limits } } })) as RefDocument);

const who = fc.record({
  client: fc.constantFrom('cursor', 'cursor', ...CLIENTS),
  server: fc.constantFrom('github', 'stripe'),
  session: fc.constantFrom('s1', 's2'),
});
const call: fc.Arbitrary<RefCall> = fc
  .record({ who, what: fc.record({ tool: fc.constantFrom(...TOOLS), args }) })
  .map((made) => ({ ...made.who, ...made.what }));
/** Four calls: often the same one from different clients, sessions and servers, as the scopes of limits want it. */
export const calls: fc.Arbitrary<RefCall[]> = fc.oneof(
  fc.array(call, { minLength: 4, maxLength: 4 }),
  fc
    .record({ base: call, others: fc.array(who, { minLength: 3, maxLength: 3 }) })
    .map(({ base, others }) => [base, ...others.map((other) => ({ ...base, ...other }))]),
);
