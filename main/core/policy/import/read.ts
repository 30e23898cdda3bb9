import type { PolicyProblem } from '../types.ts';
import { Fields } from './fields.ts';
import {
  type ForeignCondition,
  type ForeignPolicy,
  type ForeignRule,
  type ForeignState,
  type ForeignTool,
  OPERATORS,
  scopeOf,
  WINDOWS,
} from './foreign.ts';
import { isNothing, plainOf, valueProblem } from './values.ts';
import type { Member, Place, Tree } from './yaml-tree.ts';

const KEYS = {
  policy: ['version', 'description', 'default', 'hide', 'tools'],
  tool: ['rules'],
  rule: ['name', 'action', 'rate_limit', 'conditions', 'on_deny', 'state'],
  condition: ['path', 'op', 'value'],
  state: ['counter', 'window', 'increment', 'increment_from'],
} as const;
/** Reads a YAML tree as a policy of the open-source form, as strictly as that form's own `validate`, and more. */
export function readForeign(
  tree: Tree,
):
  | { readonly ok: true; readonly policy: ForeignPolicy }
  | { readonly ok: false; readonly problems: PolicyProblem[] } {
  const fields = new Fields();
  const policy = new Reader(fields).policy(tree);
  return fields.problems.length === 0 && policy !== undefined
    ? { ok: true, policy }
    : { ok: false, problems: fields.problems };
}

class Reader {
  readonly #fields: Fields;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  policy(tree: Tree): ForeignPolicy | undefined {
    const top = this.#fields.map(tree, KEYS.policy, 'A policy');
    if (top === undefined) return undefined;
    const version = this.#fields.text(top, 'version');
    if (version !== '1')
      this.#fields.problem(
        top.get('version')?.at ?? tree.at,
        `version must be "1"${version === undefined ? ', and is missing' : `, not "${version}"`}.`,
        'version: "1"',
      );
    const posture = this.#fields.text(top, 'default') ?? 'allow';
    if (posture !== 'allow' && posture !== 'deny' && posture !== '')
      this.#fields.choice(top.get('default')?.at ?? tree.at, 'default', posture, ['allow', 'deny']);
    const tools: ForeignTool[] = [];
    for (const [name, { value, at }] of this.#fields.members(top.get('tools'), 'tools')) {
      if (name === '__proto__' || name === '')
        this.#fields.problem(at, `A tool may not be named "${name}" here.`);
      else tools.push({ name, at, rules: this.#rules(value, name) });
    }
    return {
      description: top.get('description')?.at ?? null,
      default: posture === 'deny' ? 'deny' : 'allow',
      hide: this.#hide(top.get('hide')),
      tools,
    };
  }

  #hide(member: Member | undefined): { name: string; at: Place }[] {
    const hidden: { name: string; at: Place }[] = [];
    for (const item of this.#fields.list(member, 'hide')) {
      if (item.kind !== 'scalar' || item.text.trim() === '')
        this.#fields.problem(item.at, 'hide takes names of tools.');
      else if (hidden.some(({ name }) => name === item.text))
        this.#fields.problem(item.at, `hide names "${item.text}" twice.`, 'Keep one of them.');
      else hidden.push({ name: item.text, at: item.at });
    }
    return hidden;
  }

  #rules(tree: Tree, tool: string): ForeignRule[] {
    if (isNothing(tree)) return [];
    const entry = this.#fields.map(tree, KEYS.tool, 'A tool');
    const rules: ForeignRule[] = [];
    const counters = new Map<string, number>();
    for (const [index, item] of this.#fields.list(entry?.get('rules'), 'rules').entries()) {
      const rule = this.#rule(item, tool);
      if (rule === undefined) continue;
      const { state } = rule;
      const before = state === null ? undefined : counters.get(state.counter);
      if (state !== null && before !== undefined)
        this.#fields.problem(
          state.at,
          `The counter "${state.counter}" is kept by rules/${before} of this tool already.`,
          'Use another counter, or another window.',
        );
      else if (state !== null) counters.set(state.counter, index);
      rules.push(rule);
    }
    return rules;
  }

  #rule(tree: Tree, tool: string): ForeignRule | undefined {
    const map = this.#fields.map(tree, KEYS.rule, 'A rule');
    if (map === undefined) return undefined;
    const rate = map.get('rate_limit');
    const name = this.#fields.text(map, 'name') ?? '';
    if (name === '' && rate === undefined) this.#fields.problem(tree.at, 'A rule must have a name.');
    const action = this.#fields.text(map, 'action') || 'evaluate';
    const at = map.get('action')?.at ?? tree.at;
    if (action !== 'evaluate' && action !== 'deny')
      this.#fields.choice(at, 'action', action, ['evaluate', 'deny']);
    const listed = this.#fields.list(map.get('conditions'), 'conditions');
    const conditions = listed.flatMap((item) => {
      const condition = this.#condition(item);
      return condition === undefined ? [] : [condition];
    });
    const stated = map.get('state');
    const state = stated === undefined || isNothing(stated.value) ? null : this.#state(stated.value);
    const onDeny = this.#fields.text(map, 'on_deny') || null;
    const rule = { name, at: tree.at, deny: action === 'deny', conditions, onDeny, state };
    if (rate !== undefined && !isNothing(rate.value)) {
      if (action === 'deny') this.#fields.problem(rate.at, 'rate_limit cannot stand beside action "deny".');
      if (conditions.length > 0 || state !== null)
        this.#fields.problem(
          rate.at,
          'rate_limit cannot be combined with conditions or state.',
          'Use two rules.',
        );
      return this.#limited(rule, rate, tool);
    }
    if (action === 'deny' && listed.length > 0)
      this.#fields.problem(tree.at, 'A rule with action "deny" has no conditions.', 'Remove the conditions.');
    if (action === 'evaluate' && listed.length === 0)
      this.#fields.problem(tree.at, 'A rule with action "evaluate" needs at least one condition.');
    return rule;
  }

  /** The short form, written out as the original does it. */
  #limited(rule: ForeignRule, { value, at }: Member, tool: string): ForeignRule {
    const text = value.kind === 'scalar' ? value.text : '';
    const [, count = '', window = ''] = /^\+?(\d{1,15})\/(minute|hour|day)$/.exec(text) ?? [];
    const named = WINDOWS.find((one) => one === window);
    if (named === undefined || Number(count) <= 0) {
      this.#fields.problem(
        at,
        `rate_limit must be like "5/hour", with minute, hour or day, not "${text}".`,
        /per|\d\s*\/\s*(m|h|d|s)/i.test(text) ? '5/hour' : null,
      );
      return rule;
    }
    const max = Number(count);
    const counter = `_rate_${window}`;
    return {
      ...rule,
      conditions: [{ path: `state.${scopeOf(tool)}.${counter}`, op: 'lte', value: max, at }],
      onDeny: rule.onDeny ?? `Rate limit of ${max} per ${window} reached. Try again later.`,
      state: { counter, window: named, increment: 1, incrementFrom: null, at },
    };
  }

  #condition(tree: Tree): ForeignCondition | undefined {
    const map = this.#fields.map(tree, KEYS.condition, 'A condition');
    if (map === undefined) return undefined;
    const path = this.#fields.text(map, 'path') ?? '';
    if (!/^(args|state)\../.test(path))
      this.#fields.problem(
        map.get('path')?.at ?? tree.at,
        `A path begins with "args." or "state."; this one is "${path}".`,
        path === '' ? null : `args.${path.replace(/^(arguments|params|args|\$)\.?/, '')}`,
      );
    const word = this.#fields.text(map, 'op') ?? '';
    const op = OPERATORS.find((one) => one === word);
    if (op === undefined) {
      this.#fields.choice(map.get('op')?.at ?? tree.at, 'op', word, OPERATORS);
      return undefined;
    }
    const value = map.get('value');
    const at = value?.at ?? tree.at;
    const plain = value === undefined ? null : plainOf(value.value);
    const wrong = valueProblem(op, plain);
    if (wrong !== undefined) this.#fields.problem(at, wrong);
    return { path, op, value: plain, at: tree.at };
  }

  #state(tree: Tree): ForeignState | null {
    const map = this.#fields.map(tree, KEYS.state, 'state');
    if (map === undefined) return null;
    const counter = this.#fields.text(map, 'counter') ?? '';
    if (counter === '') this.#fields.problem(tree.at, 'A counter needs a name.');
    const word = this.#fields.text(map, 'window') ?? '';
    const window = WINDOWS.find((one) => one === word);
    if (window === undefined) this.#fields.choice(map.get('window')?.at ?? tree.at, 'window', word, WINDOWS);
    const increment = map.get('increment');
    const amount = increment === undefined || isNothing(increment.value) ? 1 : plainOf(increment.value) || 1;
    if (increment !== undefined && (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 0))
      this.#fields.problem(increment.at, 'increment must be a whole number from 0.');
    const from = this.#fields.text(map, 'increment_from') ?? '';
    if (from !== '' && !/^args\../.test(from))
      this.#fields.problem(
        map.get('increment_from')?.at ?? tree.at,
        `increment_from begins with "args."; this one is "${from}".`,
        `args.${from}`,
      );
    return {
      counter,
      window: window ?? 'day',
      increment: typeof amount === 'number' ? amount : 1,
      incrementFrom: from === '' ? null : from.slice('args.'.length),
      at: tree.at,
    };
  }
}
