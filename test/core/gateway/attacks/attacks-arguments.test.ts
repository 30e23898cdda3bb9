import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { RawClient } from '../../../fakes/raw-client.ts';
import { type Vector, vectorsOf } from '../../../fixtures/attack-vectors.ts';
import { engineOf, facts } from '../../policy/helpers.ts';

/** The vectors of hostile arguments, before the rule each of them means to slip past, in the real policy engine. */

const only = (path: string, op: string, value: unknown) => ({
  require: [{ path: `args.${path}`, op, value }],
});
/** The rule that guards the argument a vector holds. */
const RULES: Record<string, object> = {
  amount: {
    deny_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 500 }] }],
    limits: [{ counter: 'spend', window: 'day', max: 1000, increment_from: 'args.amount' }],
  },
  path: only('path', 'regex', '^(/srv/|C:\\\\work\\\\)'),
  url: only('url', 'regex', '^https?://[^/]+/$'),
  cmd: only('cmd', 'glob', 'git *'),
  sql: only('sql', 'regex', '(?i)^\\s*select\\b'),
  items: only('items[*].path', 'starts_with', '/ok'),
  constructor: {},
};

let parts: Parts;
beforeAll(async () => {
  parts = await gatewayWithFakes();
  parts.server.tools = [tool('guarded_tool')];
});
afterAll(() => parts.stop());

/** The frame's own arguments name the rule. Told apart by text: some vectors are not even JSON. */
function guarded({ raw = '' }: Vector): string {
  const name = /"arguments":\{"(\w+)"/.exec(raw)?.[1]?.toLowerCase() ?? '';
  if (!Object.hasOwn(RULES, name)) throw new Error(`No rule guards ${raw}`);
  return name;
}

const all = vectorsOf('arguments');
test('there are vectors', () => expect(all.length).toBeGreaterThanOrEqual(16));

test.each(all.map((vector) => [vector.id, vector.threat, vector] as const))(
  '%s: %s',
  async (_id, _threat, vector) => {
    const name = guarded(vector);
    const { engine } = engineOf({ version: '1', tools: { guarded_tool: RULES[name] } });
    parts.rules.set('guarded_tool', (call) => engine.judge(call));
    const client = new RawClient(parts.url());
    await client.initialize();
    const answer = await client.send(vector.raw as string);
    const sent = parts.upstream.of('tools/call').map(({ raw }) => raw.toString());
    if (vector.expect === 'no_pollution') {
      expect(sent).toEqual([vector.raw]);
      expect(({} as Record<string, unknown>).x).toBeUndefined();
      return;
    }
    expect(sent).toEqual([]);
    if (vector.expect.startsWith('reject')) expect(answer.last.error).toBeDefined();
    else {
      expect(answer.last.result?.isError).toBe(true);
      expect(answer.last.result?._meta?.['drawbridge/decision']?.decision).toBe('deny');
    }
    if (name !== 'amount') return;
    // The whole budget is left, and not more.
    const spend = (amount: number) => engine.reserve(facts('guarded_tool', { amount }), false).ok;
    expect([spend(500), spend(500), spend(0.01)]).toEqual([true, true, false]);
  },
);

test('what the rules are for passes', async () => {
  const client = new RawClient(parts.url());
  await client.initialize();
  for (const [name, args] of Object.entries({
    amount: { amount: 5 },
    path: { path: '/srv/a' },
    url: { url: 'https://good.example/' },
    cmd: { cmd: 'git log' },
    sql: { sql: 'SELECT 1' },
    items: { items: [{ path: '/ok' }] },
  })) {
    const { engine } = engineOf({ version: '1', tools: { guarded_tool: RULES[name] } });
    parts.rules.set('guarded_tool', (call) => engine.judge(call));
    expect((await client.call('guarded_tool', args)).last.result?.content?.[0]?.text, name).toBe('ran');
  }
});
