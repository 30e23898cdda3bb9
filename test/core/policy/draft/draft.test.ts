import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PastCall } from '../../../../main/core/audit/types.ts';
import { type DraftInput, draftRule } from '../../../../main/core/policy/draft/draft-rule.ts';
import { folderOf } from '../../../../main/core/policy/draft/fields.ts';
import type { RuleField } from '../../../../shared/schemas/rule.ts';
import { judge } from '../helpers.ts';

const text = (document: object) => `${JSON.stringify({ version: '1', ...document }, null, 2)}\n`;
const input = (more: Partial<DraftInput> = {}): DraftInput => ({
  server: 'github',
  tool: 'create_issue',
  caller: { id: 'cursor', name: 'Cursor' },
  everyClient: false,
  argumentsText: '{"repo":"a/b","title":"Hello"}',
  effect: 'allow',
  text: text({ default: 'ask' }),
  rule: '/default',
  history: [],
  ...more,
});
const field = (key: string, use: RuleField['use'], value: unknown): RuleField => ({
  path: `args.${key}`,
  use,
  value: JSON.stringify(value),
});
const past = (more: Partial<PastCall>): PastCall => ({
  seq: 1,
  at: 1,
  clientId: 'cursor',
  clientName: 'Cursor',
  server: 'github',
  session: 's',
  tool: 'create_issue',
  argumentsText: '{"repo":"a/b","title":"Hello"}',
  argumentsDigest: 'd',
  redacted: false,
  definitionHash: 'h',
  decision: 'approved',
  would: null,
  ...more,
});
/** What a drafted document says of a call, from Cursor unless told otherwise. */
const says = (document: string, args: object, clientId = 'cursor', tool = 'create_issue') =>
  judge(JSON.parse(document) as object, tool, args, { clientId }).decision;

describe('always allow', () => {
  test('compares every argument, names those that may be there, and says so in words', () => {
    const draft = draftRule(
      input({ fields: [field('repo', 'exactly', 'a/b'), field('title', 'any', 'Hello')] }),
    );
    expect(draft.refused).toBeNull();
    expect(draft.sentence).toBe(
      'Always allow create_issue from Cursor when repo is "a/b"; title may be anything; any other argument asks again.',
    );
    expect(JSON.parse(draft.text).clients).toEqual({
      cursor: {
        tools: {
          create_issue: {
            action: 'ask',
            allow_if: [
              {
                conditions: [
                  { path: 'args', op: 'keys_in', value: ['repo', 'title'] },
                  { path: 'args.repo', op: 'eq', value: 'a/b' },
                ],
              },
            ],
          },
        },
      },
    });
    expect(says(draft.text, { repo: 'a/b', title: 'else' })).toBe('allow');
    expect(says(draft.text, { repo: 'a/b' })).toBe('allow');
    expect(says(draft.text, { repo: 'a/c', title: 'Hello' })).toBe('ask');
    expect(says(draft.text, { repo: 'a/b', title: 'Hello', labels: ['x'] })).toBe('ask');
    expect(says(draft.text, { repo: 'a/b', title: 'Hello' }, 'zed')).toBe('ask');
    expect(says(draft.text, {}, 'cursor', 'delete_repo')).toBe('ask');
    expect(draft.diff).toMatch(/^\+ .*"keys_in"/m);
    expect(draft.diff).toContain('+++ with this rule');
    expect(draft.canBegin).toEqual(['args.repo', 'args.title']);
  });

  test('suggests everything exactly, and lets only paging be anything', () => {
    const uses = (tool: string, args: object) =>
      Object.fromEntries(
        draftRule(input({ tool, argumentsText: JSON.stringify(args) })).fields.map(({ path, use }) => [
          path,
          use,
        ]),
      );
    expect(
      uses('list_issues', { repo: 'a/b', page: 2, perPage: 30, limit: 5, query: 'x', cursor: 'abc' }),
    ).toEqual({
      'args.repo': 'exactly',
      'args.page': 'any',
      'args.perPage': 'any',
      'args.limit': 'any',
      'args.query': 'exactly',
      'args.cursor': 'any',
    });
    // The limit of a card, an order of goods, a page that is an object.
    expect(uses('create_card', { limit: 5000, order: 'A-1', page: { html: '<b>' } })).toEqual({
      'args.limit': 'exactly',
      'args.order': 'exactly',
      'args.page': 'exactly',
    });
  });

  test('keeps what applied so far: earlier rules, patterns, overlays, and the counts of their limits', () => {
    const document = {
      default: 'deny',
      tools: {
        'create_*': {
          action: 'require_approval',
          require: [{ path: 'args.repo', op: 'starts_with', value: 'a/' }],
          rate_limit: '5/hour',
          limits: [{ window: 'day', max: 9, scope: 'server' }],
        },
      },
    };
    const draft = draftRule(input({ text: text(document), rule: '/tools/create_*/action' }));
    expect(draft.refused).toBeNull();
    const entry = JSON.parse(draft.text).clients.cursor.tools.create_issue;
    expect(entry).toMatchObject({
      action: 'require_approval',
      require: document.tools['create_*'].require,
      limits: [
        { counter: 'github /tools/create_*/limits/0', window: 'day', max: 9, scope: 'server' },
        { counter: 'github /tools/create_*/rate_limit', window: 'hour', max: 5 },
      ],
    });
    expect(JSON.parse(draft.text).tools).toEqual(document.tools);

    const again = draftRule(
      input({
        text: draft.text,
        argumentsText: '{"repo":"a/c"}',
        rule: '/clients/cursor/tools/create_issue/action',
      }),
    );
    expect(again.refused).toBeNull();
    expect(JSON.parse(again.text).clients.cursor.tools.create_issue.allow_if).toHaveLength(2);
    expect(says(again.text, { repo: 'a/b', title: 'Hello' })).toBe('allow');
    expect(says(again.text, { repo: 'a/c' })).toBe('allow');
    expect(says(again.text, { repo: 'x/c' })).toBe('deny');
    expect(says(again.text, { repo: 'a/d' })).toBe('ask');
  });

  test('for every client: base and overlays, and a default of an overlay goes on denying', () => {
    const document = {
      default: 'ask',
      clients: {
        locked: { default: 'deny' },
        own: { tools: { create_issue: { action: 'ask', reason: 'Always asked.' } } },
        no: { tools: { 'create_*': { action: 'deny' } } },
      },
    };
    const draft = draftRule(input({ text: text(document), everyClient: true }));
    expect(draft.refused).toBeNull();
    expect(draft.sentence).toContain('from every client');
    const args = { repo: 'a/b', title: 'Hello' };
    for (const client of ['cursor', 'zed', 'own']) expect(says(draft.text, args, client)).toBe('allow');
    for (const client of ['locked', 'no']) expect(says(draft.text, args, client)).toBe('deny');
    expect(says(draft.text, { ...args, title: 'x' }, 'locked')).toBe('deny');
    expect(says(draft.text, { ...args, title: 'x' }, 'own')).toBe('ask');
  });

  test.each<[string, Partial<DraftInput>, string]>([
    ['a guard asks', { rule: 'guard:loop' }, 'asks about every tool'],
    ['all_tools asks', { rule: '/all_tools/ask_if/0' }, 'asks about every tool'],
    ['a limit asks', { rule: '/tools/create_issue/limits/0' }, 'does not lift limits'],
    ['a denial', { text: text({ default: 'deny' }) }, 'because /default comes first'],
    [
      'deny_if',
      {
        text: text({
          default: 'allow',
          tools: { create_issue: { action: 'ask', deny_if: [{ conditions: [] }] } },
        }),
      },
      'deny_if/0 comes first',
    ],
    ['allowed anyway', { text: text({ default: 'allow' }) }, 'says that already'],
    [
      'all_tools, seen by evaluating',
      { text: text({ default: 'ask', all_tools: { ask_if: [{ conditions: [] }] } }) },
      '/all_tools/ask_if/0 comes first',
    ],
    ['a tool of a name like a pattern', { tool: 'create_*' }, 'entry of its own'],
    ['digits beyond a double', { argumentsText: '{"id":9007199254740993}' }, 'more digits'],
    ['digits within a list', { argumentsText: '{"ids":[{"n":12345678901234567890}]}' }, 'more digits'],
    ['a field left out', { fields: [field('repo', 'exactly', 'a/b')] }, 'comes first'],
    [
      'another value than the call has',
      { fields: [field('repo', 'exactly', 'x'), field('title', 'any', '')] },
      'comes first',
    ],
    [
      'a path into an argument',
      { fields: [{ path: 'args.a.b', use: 'any', value: '' }] },
      'not the path of one argument',
    ],
    ['twice', { fields: [field('repo', 'any', ''), field('repo', 'any', '')] }, 'named twice'],
    ['no JSON', { fields: [{ path: 'args.repo', use: 'exactly', value: 'a/b' }] }, 'is not JSON'],
    ['begins with nothing', { fields: [field('repo', 'begins', '')] }, 'at least one character'],
    ['a twin of an argument', { argumentsText: '{"repo":"a/b","REPO":"c"}' }, 'comes first'],
    [
      'redacted',
      { redacted: true, argumentsText: '{"repo":"a/b","title":"[redacted]"}' },
      'args.title was redacted',
    ],
  ])('is refused: %s', (_name, more, why) => {
    const draft = draftRule(input(more));
    expect(draft.refused).toContain(why);
    expect(draft).toMatchObject({ text: input(more).text, diff: '' });
  });

  test('what was redacted may be anything', () => {
    const draft = draftRule(
      input({
        redacted: true,
        argumentsText: '{"repo":"a/b","title":"[redacted]"}',
        fields: [field('repo', 'exactly', 'a/b'), field('title', 'any', '')],
      }),
    );
    expect(draft.refused).toBeNull();
  });

  test('counts the recorded calls it speaks of, and those it cannot tell of', () => {
    const draft = draftRule(
      input({
        history: [
          past({}),
          past({ clientId: 'zed' }),
          past({ tool: 'other' }),
          past({ argumentsText: '{"repo":"a/c","title":"Hello"}' }),
          past({ argumentsText: '{"repo":"a/b","title":"[redacted]"}', redacted: true }),
          past({ argumentsText: '{"repo":"a/c","title":"[redacted]"}', redacted: true }),
          past({ argumentsText: '{"repo":"a/b","ti', redacted: true }),
        ],
      }),
    );
    expect(draft).toMatchObject({ matched: 1, unclear: 2, of: 7 });
  });
});

describe('always deny, always ask', () => {
  test('deny takes effect before everything, for calls with more arguments too', () => {
    const document = text({
      default: 'allow',
      tools: { create_issue: { limits: [{ window: 'day', max: 5 }] } },
    });
    const fields = [field('repo', 'exactly', 'a/b'), field('title', 'any', '')];
    const draft = draftRule(input({ effect: 'deny', text: document, fields, rule: '/tools/create_issue' }));
    expect(draft.refused).toBeNull();
    expect(draft.sentence).toBe(
      'Always deny create_issue from Cursor when repo is "a/b"; title may be anything.',
    );
    expect(says(draft.text, { repo: 'a/b', more: 1 })).toBe('deny');
    expect(says(draft.text, { repo: 'a/c' })).toBe('allow');
    // What cannot be judged does not escape.
    expect(says(draft.text, { repo: ['a/b'] })).toBe('deny');
    expect(says(draft.text, { repo: 'a/b' }, 'zed')).toBe('allow');
  });

  test('ask takes out the exception that holds, and refuses where it asks already', () => {
    const allowed = draftRule(input()).text;
    const draft = draftRule(
      input({ effect: 'ask', text: allowed, rule: '/clients/cursor/tools/create_issue/allow_if/0' }),
    );
    expect(draft.refused).toBeNull();
    expect(says(draft.text, { repo: 'a/b', title: 'Hello' })).toBe('ask');
    expect(JSON.parse(draft.text).clients.cursor.tools.create_issue).toEqual({ action: 'ask' });
    expect(draftRule(input({ effect: 'ask' })).refused).toContain('says that already');
    const plain = draftRule(input({ effect: 'ask', text: text({ default: 'allow' }), everyClient: true }));
    expect(says(plain.text, { repo: 'a/b', title: 'Hello' }, 'zed')).toBe('ask');
    expect(says(plain.text, { repo: 'a/b', title: 'x' }, 'zed')).toBe('allow');
  });
});

test('the beginning of a path or an address is its folder', () => {
  const begin = (path: string, value = path) =>
    draftRule(
      input({
        tool: 'read_file',
        argumentsText: JSON.stringify({ path }),
        fields: [field('path', 'begins', value)],
      }),
    );
  expect(begin('/srv/notes/a.md').fields).toEqual([field('path', 'begins', '/srv/notes/')]);
  expect(begin('/srv/notes/a.md', '/srv/').fields).toEqual([field('path', 'begins', '/srv/')]);
  const draft = begin('/srv/notes/a.md');
  const read = (path: string) => says(draft.text, { path }, 'cursor', 'read_file');
  expect(read('/srv/notes/b/c.md')).toBe('allow');
  expect(['/srv/notes/../x', '/srv/notes', '/srv/notesX/a', '/etc/passwd'].map(read)).toEqual(
    Array(4).fill('ask'),
  );
  expect(
    [
      '/a.md',
      'C:\\Users\\x\\a.txt',
      'C:\\a.txt',
      'https://e.com/a/b?c=/d',
      'https://e.com',
      'plain',
      '~/a/b',
      '../a',
    ].map(folderOf),
  ).toEqual([
    undefined,
    'C:\\Users\\x\\',
    undefined,
    'https://e.com/a/',
    undefined,
    undefined,
    '~/a/',
    undefined,
  ]);
});

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, -2.5, '', 'a', 'a/b', 'ab', 'x y'),
  fc.string({ maxLength: 6 }),
  fc.array(fc.constantFrom<unknown>(1, 'a', null), { maxLength: 2 }),
  fc.record({ k: fc.constantFrom<unknown>(1, 'a') }),
);
const names = fc.constantFrom('a', 'b', 'c', 'a key', 'x.y', 'q"', '');

test('a drafted rule decides exactly as its fields say', { tags: ['slow'] }, () => {
  fc.assert(
    fc.property(
      fc.dictionary(names, fc.tuple(value, fc.constantFrom('exactly', 'begins', 'any')), { maxKeys: 4 }),
      fc.dictionary(names, value, { maxKeys: 4 }),
      fc.constantFrom<'allow' | 'deny'>('allow', 'deny'),
      (chosen, mutation, effect) => {
        const args = Object.fromEntries(Object.entries(chosen).map(([key, [inner]]) => [key, inner]));
        const fields = Object.entries(chosen).map(([key, [inner, use]]): RuleField => {
          const begins = use === 'begins' && typeof inner === 'string' && inner !== '';
          return {
            path: `args[${JSON.stringify(key)}]`,
            use: use === 'begins' && !begins ? 'exactly' : (use as RuleField['use']),
            value: JSON.stringify(begins ? (inner as string).slice(0, 1) : inner),
          };
        });
        const draft = draftRule(
          input({ effect, argumentsText: JSON.stringify(args), fields, text: text({ default: 'ask' }) }),
        );
        if (draft.refused !== null) {
          // Only a beginning that is disguised, or followed by a line break, cannot be compared.
          expect(draft.refused).toMatch(/comes first/);
          return;
        }
        expect(says(draft.text, args)).toBe(effect);
        const other = { ...args, ...mutation };
        const fits = fields.every(({ use, value: json }, i) => {
          const key = Object.keys(chosen)[i] as string;
          if (use === 'any') return true;
          if (!Object.hasOwn(other, key)) return false;
          const now = other[key];
          const wanted = JSON.parse(json) as unknown;
          if (use === 'begins') return typeof now === 'string' && now.startsWith(wanted as string);
          return JSON.stringify(now) === JSON.stringify(wanted);
        });
        const added = Object.keys(other).some((key) => !Object.hasOwn(chosen, key));
        const decision = says(draft.text, other);
        if (effect === 'allow') {
          // Never more than the fields say.
          if (!fits || added) expect(decision).toBe('ask');
          else if (!fields.some(({ use }) => use === 'begins')) expect(decision).toBe('allow');
        } else if (fits) expect(decision).toBe('deny');
      },
    ),
    { numRuns: 800 },
  );
});
