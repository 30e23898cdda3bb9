import { describe, expect, it } from 'vitest';
import {
  EMPTY_POLICY,
  setTool as setToolOf,
  type ToolChange,
} from '../../../../main/core/policy/documents/edit.ts';
import { engineOf, facts, judge, policyOf } from '../helpers.ts';

const ODD = `{
   "version" : "1",
   "default":"deny",

   "tools": {
      "a": { },   "pay": { "ask_if": [ { "conditions": [ { "path": "args.n", "op": "gt", "value": 5.0 } ] } ] },
      "delete_*": { "action": "deny", "reason": "By hand." }
   }
}
`;
/** The lines of \`after\` that are not in \`before\`, and the other way round. */
const changes = (before: string, after: string) => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return { removed: a.filter((line) => !b.includes(line)), added: b.filter((line) => !a.includes(line)) };
};
const setTool = (text: string | undefined, tools: readonly string[], change: ToolChange) =>
  setToolOf(text, tools, change, 'github');
const decide = (text: string, tool: string) => judge(JSON.parse(text), tool).decision;

describe('setTool', () => {
  it('starts from a document in which only what was clicked changes', () => {
    const text = setTool(undefined, ['x'], { action: 'deny' });
    expect(JSON.parse(text)).toEqual({ version: '1', default: 'allow', tools: { x: { action: 'deny' } } });
    expect(policyOf(EMPTY_POLICY).base.default).toBe('allow');
  });

  it('leaves every other byte alone', () => {
    const text = setTool(ODD, ['a'], { action: 'ask' });
    const { removed, added } = changes(ODD, text);
    expect(removed).toHaveLength(1);
    expect(text.replace('"a": { "action": "ask" }', '"a": { }')).toBe(ODD);
    expect(setTool(text, ['a'], { action: 'allow' }).replace(/"a": \{ *\}/, '"a": { }')).toBe(ODD);
    const more = setTool(ODD, ['new'], { limit: { max: 5, window: 'day' } });
    expect(more.startsWith(ODD.slice(0, ODD.indexOf('By hand') + 10))).toBe(true);
    expect(more).toMatchSnapshot();
    expect(setTool(undefined, ['x', 'y'], { action: 'deny' })).toMatchSnapshot();
    expect(setTool(ODD, ['x', 'y'], { action: 'hide' })).toMatchSnapshot();
    expect(setTool('{"version":"1"}', ['x'], { action: 'ask' })).toMatchSnapshot();
    expect(added.join('\n')).toContain('"value": 5.0');
    const windows = ODD.replaceAll('\n', '\r\n');
    expect(setTool(windows, ['new'], { action: 'ask' }).replaceAll('\r\n', '')).not.toContain('\n');
  });

  it.each(['allow', 'ask', 'deny', 'hide'] as const)('%s has its effect from every start', (action) => {
    const starts = [
      ODD,
      '{"version":"1"}',
      '{"version":"1","hide":["t"],"tools":{}}',
      '{"version":"1","hide":["x","t","y"]}',
      '{"version":"1","tools":{"t":{"action":"hide"}}}',
      '{"version":"1","tools":{"t":{"action":"require_approval","reason":"r"}}}',
      '{"version":"1","tools":{"t":{"deny_if":[{"conditions":[]},{"conditions":[{"path":"args.z","op":"exists"}]}]}}}',
      '{"version":"1","tools":{"t":{"ask_if":[{"conditions":[]}]}}}',
      '{"version":"1","tools":{"t*":{"action":"deny","limits":[{"window":"day","max":3}]}}}',
    ];
    for (const start of starts) expect(decide(setTool(start, ['t'], { action }), 't')).toBe(action);
  });

  it('hides by exact name and unhides it again, leaving an empty list out', () => {
    const hidden = setTool(ODD, ['a', 'b'], { action: 'hide' });
    expect(JSON.parse(hidden).hide).toEqual(['a', 'b']);
    const shown = setTool(hidden, ['a', 'b'], { action: 'allow' });
    expect(JSON.parse(shown)).not.toHaveProperty('hide');
  });

  it('refuses to show what a pattern hides', () => {
    expect(() => setTool('{"version":"1","hide":["wipe_*"]}', ['wipe_x'], { action: 'allow' })).toThrow(
      'wipe_x stays hidden: "wipe_*" (/hide/0) hides it.',
    );
  });

  it('copies the rules of the pattern a tool followed', () => {
    const text = setTool(
      '{"version":"1","tools":{"gh_*":{"limits":[{"counter":"c","window":"day","max":3}]}}}',
      ['gh_x'],
      { action: 'ask' },
    );
    expect(JSON.parse(text).tools.gh_x).toEqual({
      action: 'ask',
      limits: [{ counter: 'c', window: 'day', max: 3 }],
    });
  });

  it('one click on a tool under a pattern does not double what its limits let through', () => {
    const start = JSON.stringify({
      version: '1',
      tools: {
        'gh_*': { rate_limit: '3/hour', limits: [{ window: 'day', max: 5, increment_from: 'args.n' }] },
      },
    });
    const forwarded = (text: string, calls: readonly [string, number][]) => {
      const { engine, state } = engineOf(JSON.parse(start) as object);
      const passed = (tool: string, n: number) => engine.reserve(facts(tool, { n }), true).ok;
      const before = calls.slice(0, 2).map(([tool, n]) => passed(tool, n));
      state.policy = policyOf(text);
      return [...before, ...calls.slice(2).map(([tool, n]) => passed(tool, n))];
    };
    for (const change of [
      { action: 'ask' },
      { action: 'allow' },
      { limit: { max: 3, window: 'hour' } },
    ] as const) {
      const text = setTool(start, ['gh_x'], change);
      expect(Object.keys(JSON.parse(text).tools)).toEqual(['gh_*', 'gh_x']);
      const many = ['gh_x', 'gh_y', 'gh_x', 'gh_y', 'gh_x'] as const;
      expect(
        forwarded(
          text,
          many.map((tool) => [tool, 1]),
        ),
      ).toEqual([true, true, true, false, false]);
      const much = [
        ['gh_x', 2],
        ['gh_y', 2],
        ['gh_x', 2],
        ['gh_y', 1],
      ] as [string, number][];
      expect(forwarded(text, much)).toEqual([true, true, false, true]);
    }
  });

  it('sets, changes and removes the plain limit', () => {
    const set = setTool(ODD, ['a'], { limit: { max: 5, window: 'hour' } });
    expect(JSON.parse(set).tools.a).toEqual({
      limits: [{ counter: 'a_rate', window: 'hour', max: 5, scope: 'grant' }],
    });
    const changed = setTool(set, ['a'], { limit: { max: 6, window: 'day' } });
    expect(JSON.parse(changed).tools.a.limits).toEqual([
      { counter: 'a_rate', window: 'day', max: 6, scope: 'grant' },
    ]);
    expect(JSON.parse(setTool(changed, ['a'], { limit: null })).tools.a).toEqual({});
    const short = setTool('{"version":"1","tools":{"t":{"rate_limit":"1/day"}}}', ['t'], {
      limit: { max: 2, window: 'day' },
    });
    expect(JSON.parse(short).tools.t).toEqual({ rate_limit: '2/day' });
    expect(setTool(ODD, ['a'], { limit: null })).toBe(ODD);
  });

  it('a limit alone does not loosen a tool', () => {
    const text = setTool(ODD, ['unnamed', 'delete_x'], { limit: { max: 5, window: 'hour' } });
    expect(decide(text, 'unnamed')).toBe('deny');
    expect(decide(text, 'delete_x')).toBe('deny');
  });

  it('refuses a broken document and names that cannot stand as keys', () => {
    expect(() => setTool('{', ['a'], { action: 'deny' })).toThrow('Line 1, column 2');
    expect(() => setTool(ODD, ['__proto__'], { action: 'deny' })).toThrow('cannot have an entry of its own');
    expect(() => setTool(ODD, ['a*'], { action: 'deny' })).toThrow('cannot have an entry of its own');
    expect(decide(setTool(ODD, ['toString'], { action: 'ask' }), 'toString')).toBe('ask');
  });
});
