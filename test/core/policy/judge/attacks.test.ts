import { describe, expect, it } from 'vitest';
import { engineOf, facts, judge } from '../helpers.ts';

/** Arguments made to slip past a rule: none of them may be allowed. */
describe('arguments that slip past rules', () => {
  const spend = {
    version: '1',
    tools: {
      guarded: {
        deny_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 500 }] }],
        limits: [{ counter: 'spend', window: 'day', max: 1000, increment_from: 'args.amount' }],
      },
    },
  };
  it.each([
    ['a list for a number', '[999999]'],
    ['a text for a number', '"999999"'],
    ['null', 'null'],
    ['overflow', '1e400'],
    ['a negative amount', '-1000000'],
    ['an object', '{"valueOf":1}'],
    ['true', 'true'],
    ['a number too long to be exact', '9007199254740993'],
  ])('%s is denied and not counted', (_name, amount) => {
    const { engine } = engineOf(spend);
    const call = facts('guarded', JSON.parse(`{"amount":${amount}}`));
    expect(engine.judge(call).decision).toBe('deny');
    expect(engine.reserve(call, true).ok).toBe(false);
    // The counter stands where it was: the whole budget is there, and nothing more.
    expect(engine.reserve(facts('guarded', { amount: 500 }), false).ok).toBe(true);
    expect(engine.reserve(facts('guarded', { amount: 500 }), false).ok).toBe(true);
    expect(engine.reserve(facts('guarded', { amount: 0.01 }), false).ok).toBe(false);
  });

  it('a missing amount cannot be counted', () => {
    expect(judge(spend, 'guarded').reason).toBe(
      'guarded is denied because its limit cannot be counted: args.amount is not given.',
    );
  });

  const paths = (op: string, value: string) => ({
    version: '1',
    tools: { guarded: { require: [{ path: 'args.path', op, value }] } },
  });
  const urls = (op: string, value: string) => ({
    version: '1',
    tools: { guarded: { require: [{ path: 'args.url', op, value }] } },
  });
  it.each([
    ['dots', '/srv/../etc/passwd'],
    ['encoded dots', '/srv/%2e%2e/etc/passwd'],
    ['twice encoded dots', '/srv/%252e%252e/etc'],
    ['an encoded slash', '/srv/..%2fetc'],
    ['backslashes', '/srv/..\\..\\etc'],
    ['NUL', '/srv/a\0.txt'],
    ['a doubled slash', '/srv//etc'],
    ['a URL', 'file:///etc/passwd'],
    ['another root', '/etc/passwd'],
  ])('a path with %s does not pass a prefix', (_name, path) => {
    for (const document of [
      paths('starts_with', '/srv/'),
      paths('glob', '/srv/*'),
      paths('regex', '^/srv/.*$'),
    ])
      expect(judge(document, 'guarded', { path }).decision).toBe('deny');
  });
  it('plain paths pass', () => {
    for (const path of ['/srv/a.txt', '/srv/a..b/c', '/srv/.hidden/x', '/srv/with space/ü.txt'])
      expect(judge(paths('starts_with', '/srv/'), 'guarded', { path }).decision).toBe('allow');
    expect(judge(paths('starts_with', 'C:\\work\\'), 'guarded', { path: 'C:\\work\\a.txt' }).decision).toBe(
      'allow',
    );
  });
  it('Windows paths with dots do not pass', () => {
    expect(
      judge(paths('starts_with', 'C:\\work\\'), 'guarded', { path: 'C:\\work\\..\\Windows' }).decision,
    ).toBe('deny');
  });
  it.each(['/srv/../etc/passwd', 'file:///etc/passwd', '//etc/passwd', '/./etc/passwd'])(
    'a deny rule on a prefix is not dodged by %s',
    (path) => {
      const document = {
        version: '1',
        default: 'allow',
        tools: {
          guarded: { deny_if: [{ conditions: [{ path: 'args.path', op: 'starts_with', value: '/etc/' }] }] },
        },
      };
      expect(judge(document, 'guarded', { path }).decision).toBe('deny');
    },
  );
  it.each([
    'https://good.example@evil.example/',
    'https://good.example\\@evil.example/',
    'https://good.example/../x',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'https://ex\u0430mple.com/',
    'HTTPS://good.example/',
    'https://GOOD.example/',
    'https://good.example./',
    'https://good.example:443/',
    'https://good.example:0443/',
    'https://good.example:/',
  ])('the URL %s does not pass', (url) => {
    for (const document of [
      urls('starts_with', 'https://good.example'),
      urls('glob', 'http*://*'),
      urls('regex', '^https?://.*$'),
    ])
      expect(judge(document, 'guarded', { url }).decision).toBe('deny');
  });
  it('plain URLs pass', () => {
    expect(
      judge(urls('glob', 'https://*.example/*'), 'guarded', { url: 'https://a.example/x?y=1' }).decision,
    ).toBe('allow');
    expect(
      judge(urls('starts_with', 'http://127.0.0.1:8080/'), 'guarded', { url: 'http://127.0.0.1:8080/x' })
        .decision,
    ).toBe('allow');
  });
  it.each(['http*://*/*', 'https://*.good.example/*', '*://*.good.example/*', 'http?://*', '*://*'])(
    'a pattern whose scheme holds a wildcard (%s) is about URLs',
    (value) => {
      const url = 'https://a.good.example/x//y?z=1';
      const expected = value === 'http?://*' ? 'deny' : 'allow';
      expect(judge(urls('glob', value), 'guarded', { url }).decision).toBe(expected);
      expect(judge(urls('glob', value), 'guarded', { url: 'https://a@good.example/' }).reason).toContain(
        'user name',
      );
    },
  );
  it.each(['(?i)^https?://[^/]+/', '^(https|http)://', '^http(s)?:\\/\\/', '^[a-z]+://[a-z.]+/'])(
    'the expression %s is about URLs',
    (value) => {
      expect(judge(urls('regex', value), 'guarded', { url: 'https://a.example/x//y' }).decision).toBe(
        'allow',
      );
      expect(judge(urls('regex', value), 'guarded', { url: 'https://a.example/../y' }).decision).toBe('deny');
    },
  );
  it.each([
    'https://evil.example/x.good.example/',
    'https://evil.example?x.good.example/',
    'https://evil.example#.good.example/',
    'https://good.example.evil.example/',
  ])('a * in the host does not leave it: %s', (url) => {
    expect(judge(urls('glob', 'https://*.good.example/*'), 'guarded', { url }).decision).toBe('deny');
  });
  it('a rule that begins like a URL behind other words is no URL rule', () => {
    expect(judge(urls('starts_with', 'see https://'), 'guarded', { url: 'see https://a//b' }).decision).toBe(
      'allow',
    );
  });
  it.each([
    'git status\nrm -rf ~',
    "git -c core.pager='sh -c id' log",
    'git -c x=y log',
    'git log; id',
    'git log $(id)',
    'git log `id`',
  ])('the command %j does not pass "git *"', (cmd) => {
    for (const [op, value] of [
      ['glob', 'git *'],
      ['starts_with', 'git '],
      ['regex', '^git '],
    ]) {
      const document = { version: '1', tools: { guarded: { require: [{ path: 'args.cmd', op, value }] } } };
      expect(judge(document, 'guarded', { cmd }).decision).toBe('deny');
      expect(judge(document, 'guarded', { cmd: 'git log --oneline' }).decision).toBe('allow');
    }
  });
  it('a rule on items[*].path sees every item', () => {
    const document = {
      version: '1',
      tools: { guarded: { require: [{ path: 'args.items[*].path', op: 'starts_with', value: '/ok' }] } },
    };
    expect(judge(document, 'guarded', { items: [{ path: '/ok' }, { path: '/etc/passwd' }] }).decision).toBe(
      'deny',
    );
    expect(judge(document, 'guarded', { items: [{ path: '/ok' }, { path: '/ok/2' }] }).decision).toBe(
      'allow',
    );
  });
  it('both spellings of an argument are not one', () => {
    expect(judge(spend, 'guarded', { Amount: 999999, amount: 1 }).decision).toBe('deny');
    expect(judge(spend, 'guarded', { Amount: 1 }).decision).toBe('deny');
  });
});

describe('names that slip past rules', () => {
  it.each(['__proto__', 'toString', 'constructor', 'hasOwnProperty', '*'])(
    '%s has no entry by accident',
    (tool) => {
      expect(judge({ version: '1', default: 'deny', tools: { a: {} } }, tool)).toMatchObject({
        decision: 'deny',
        rule: '/default',
      });
    },
  );
  it('a tool named * is not the pattern *', () => {
    expect(judge({ version: '1', default: 'deny', tools: { 'a*': {} } }, '*').decision).toBe('deny');
  });
  it.each([' delete_repository', 'DELETE_REPOSITORY', 'delete_repository\n', '\uff44elete_repository'])(
    'a name the server does not list (%j) is unknown',
    (tool) => {
      const { engine } = engineOf({
        version: '1',
        default: 'allow',
        tools: { delete_repository: { action: 'deny' } },
      });
      expect(engine.judge(facts(tool, {}, { definition: undefined }))).toMatchObject({
        decision: 'hide',
        rule: 'gateway:unlisted',
      });
    },
  );
});
