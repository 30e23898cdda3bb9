import { closest } from '../suggest.ts';
import type { PolicyProblem } from '../types.ts';
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

type MapTree = Extract<Tree, { kind: 'map' }>;

const KEYS = {
  policy: ['version', 'description', 'default', 'hide', 'tools'],
  tool: ['rules'],
  rule: ['name', 'action', 'rate_limit', 'conditions', 'on_deny', 'state'],
  condition: ['path', 'op', 'value'],
  state: ['counter', 'window', 'increment', 'increment_from'],
} as const;
const HABITS: Readonly<Record<string, string>> = {
  operator: 'op',
  message: 'on_deny',
  reason: 'on_deny',
  limit: 'rate_limit',
  hidden: 'hide',
};

/** Reads a YAML tree as a policy of the open-source form, as strictly as that form's own `validate`, and more. */
export function readForeign(
  tree: Tree,
):
  | { readonly ok: true; readonly policy: ForeignPolicy }
  | { readonly ok: false; readonly problems: PolicyProblem[] } {
  const reader = new Reader();
  const policy = reader.policy(tree);
  return reader.problems.length === 0 && policy !== undefined
    ? { ok: true, policy }
    : { ok: false, problems: reader.problems };
}

class Reader {
  readonly problems: PolicyProblem[] = [];

  policy(tree: Tree): ForeignPolicy | undefined {
    const top = this.#map(tree, KEYS.policy, 'A policy');
    if (top === undefined) return undefined;
    const version = this.#text(top, 'version');
    if (version !== '1')
      this.#problem(
        top.get('version')?.at ?? tree.at,
        `version must be "1"${version === undefined ? ', and is missing' : `, not "${version}"`}.`,
        'version: "1"',
      );
    const posture = this.#text(top, 'default') ?? 'allow';
    if (posture !== 'allow' && posture !== 'deny' && posture !== '')
      this.#choice(top.get('default')?.at ?? tree.at, 'default', posture, ['allow', 'deny']);
    const tools: ForeignTool[] = [];
    for (const [name, { value, at }] of this.#members(top.get('tools'), 'tools')) {
      if (name === '__proto__' || name === '') this.#problem(at, `A tool may not be named "${name}" here.`);
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
    for (const item of this.#list(member, 'hide')) {
      if (item.kind !== 'scalar' || item.text.trim() === '')
        this.#problem(item.at, 'hide takes names of tools.');
      else if (hidden.some(({ name }) => name === item.text))
        this.#problem(item.at, `hide names "${item.text}" twice.`, 'Keep one of them.');
      else hidden.push({ name: item.text, at: item.at });
    }
    return hidden;
  }

  #rules(tree: Tree, tool: string): ForeignRule[] {
    if (isNothing(tree)) return [];
    const entry = this.#map(tree, KEYS.tool, 'A tool');
    const rules: ForeignRule[] = [];
    const counters = new Map<string, number>();
    for (const [index, item] of this.#list(entry?.get('rules'), 'rules').entries()) {
      const rule = this.#rule(item, tool);
      if (rule === undefined) continue;
      const { state } = rule;
      const before = state === null ? undefined : counters.get(state.counter);
      if (state !== null && before !== undefined)
        this.#problem(
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
    const map = this.#map(tree, KEYS.rule, 'A rule');
    if (map === undefined) return undefined;
    const rate = map.get('rate_limit');
    const name = this.#text(map, 'name') ?? '';
    if (name === '' && rate === undefined) this.#problem(tree.at, 'A rule must have a name.');
    const action = this.#text(map, 'action') || 'evaluate';
    const at = map.get('action')?.at ?? tree.at;
    if (action !== 'evaluate' && action !== 'deny') this.#choice(at, 'action', action, ['evaluate', 'deny']);
    const listed = this.#list(map.get('conditions'), 'conditions');
    const conditions = listed.flatMap((item) => {
      const condition = this.#condition(item);
      return condition === undefined ? [] : [condition];
    });
    const stated = map.get('state');
    const state = stated === undefined || isNothing(stated.value) ? null : this.#state(stated.value);
    const onDeny = this.#text(map, 'on_deny') || null;
    const rule = { name, at: tree.at, deny: action === 'deny', conditions, onDeny, state };
    if (rate !== undefined && !isNothing(rate.value)) {
      if (action === 'deny') this.#problem(rate.at, 'rate_limit cannot stand beside action "deny".');
      if (conditions.length > 0 || state !== null)
        this.#problem(rate.at, 'rate_limit cannot be combined with conditions or state.', 'Use two rules.');
      return this.#limited(rule, rate, tool);
    }
    if (action === 'deny' && listed.length > 0)
      this.#problem(tree.at, 'A rule with action "deny" has no conditions.', 'Remove the conditions.');
    if (action === 'evaluate' && listed.length === 0)
      this.#problem(tree.at, 'A rule with action "evaluate" needs at least one condition.');
    return rule;
  }

  /** The short form, written out as the original does it. */
  #limited(rule: ForeignRule, { value, at }: Member, tool: string): ForeignRule {
    const text = value.kind === 'scalar' ? value.text : '';
    const [, count = '', window = ''] = /^\+?(\d{1,15})\/(minute|hour|day)$/.exec(text) ?? [];
    const named = WINDOWS.find((one) => one === window);
    if (named === undefined || Number(count) <= 0) {
      this.#problem(
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
    const map = this.#map(tree, KEYS.condition, 'A condition');
    if (map === undefined) return undefined;
    const path = this.#text(map, 'path') ?? '';
    if (!/^(args|state)\../.test(path))
      this.#problem(
        map.get('path')?.at ?? tree.at,
        `A path begins with "args." or "state."; this one is "${path}".`,
        path === '' ? null : `args.${path.replace(/^(arguments|params|args|\$)\.?/, '')}`,
      );
    const word = this.#text(map, 'op') ?? '';
    const op = OPERATORS.find((one) => one === word);
    if (op === undefined) {
      this.#choice(map.get('op')?.at ?? tree.at, 'op', word, OPERATORS);
      return undefined;
    }
    const value = map.get('value');
    const at = value?.at ?? tree.at;
    const plain = value === undefined ? null : plainOf(value.value);
    const wrong = valueProblem(op, plain);
    if (wrong !== undefined) this.#problem(at, wrong);
    return { path, op, value: plain, at: tree.at };
  }

  #state(tree: Tree): ForeignState | null {
    const map = this.#map(tree, KEYS.state, 'state');
    if (map === undefined) return null;
    const counter = this.#text(map, 'counter') ?? '';
    if (counter === '') this.#problem(tree.at, 'A counter needs a name.');
    const word = this.#text(map, 'window') ?? '';
    const window = WINDOWS.find((one) => one === word);
    if (window === undefined) this.#choice(map.get('window')?.at ?? tree.at, 'window', word, WINDOWS);
    const increment = map.get('increment');
    const amount = increment === undefined || isNothing(increment.value) ? 1 : plainOf(increment.value) || 1;
    if (increment !== undefined && (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 0))
      this.#problem(increment.at, 'increment must be a whole number from 0.');
    const from = this.#text(map, 'increment_from') ?? '';
    if (from !== '' && !/^args\../.test(from))
      this.#problem(
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

  #map(tree: Tree, known: readonly string[], what: string): ReadonlyMap<string, Member> | undefined {
    if (tree.kind !== 'map') {
      this.#problem(tree.at, `${what} must be a map with ${known.join(', ')}.`);
      return undefined;
    }
    for (const [key, { at }] of tree.members) {
      if (known.includes(key)) continue;
      const habit = Object.hasOwn(HABITS, key) ? HABITS[key] : undefined;
      this.#problem(
        at,
        `"${key}" is not known here. Known: ${known.join(', ')}.`,
        habit !== undefined && known.includes(habit) ? habit : closest(key, known),
      );
    }
    return tree.members;
  }

  #members(member: Member | undefined, what: string): MapTree['members'] {
    if (member === undefined || isNothing(member.value)) return new Map();
    if (member.value.kind === 'map') return member.value.members;
    this.#problem(member.at, `${what} must be a map of tool names.`);
    return new Map();
  }

  #list(member: Member | undefined, what: string): readonly Tree[] {
    if (member === undefined || isNothing(member.value)) return [];
    if (member.value.kind === 'list') return member.value.items;
    this.#problem(member.at, `${what} must be a list.`);
    return [];
  }

  #text(map: ReadonlyMap<string, Member>, key: string): string | undefined {
    const member = map.get(key);
    if (member === undefined) return undefined;
    if (member.value.kind === 'scalar') return member.value.text;
    this.#problem(member.at, `${key} must be a text.`);
    return undefined;
  }

  #choice(at: Place, key: string, value: string, options: readonly string[]): void {
    const shown = options.map((one) => `"${one}"`).join(', ');
    this.#problem(at, `${key} must be one of ${shown}, not "${value}".`, closest(value, options));
  }

  #problem({ path, line }: Place, message: string, suggestion: string | null = null): void {
    this.problems.push({ path, message: `${line}: ${message}`, suggestion });
  }
}
