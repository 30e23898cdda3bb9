import { parse } from 'yaml';

/**
 * The original's rules, written once more from its documentation and evaluator: every rule of a tool and of "*" must hold;
 * counters belong to a minute, an hour or a day of the calendar (UTC), are taken after all rules held, and are given back
 * when the server answers with an error.
 */
interface Rule {
  name: string;
  action?: string;
  rate_limit?: string;
  conditions?: { path: string; op: string; value: unknown }[];
  state?: { counter: string; window: string; increment?: number; increment_from?: string };
}
interface Policy {
  default?: string;
  hide?: string[];
  tools: Record<string, { rules?: Rule[] }>;
}
interface Count {
  value: number;
  began: number;
  windowMs: number;
}
const WINDOWS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export class Original {
  readonly #policy: Policy;
  readonly #counts = new Map<string, Count>();

  constructor(yaml: string) {
    // YAML 1.1 for 50_000, which the original reads as a number.
    this.#policy = parse(yaml, { version: '1.1' }) as Policy;
    for (const [tool, entry] of Object.entries(this.#policy.tools))
      for (const rule of entry.rules ?? []) {
        const [count, window = ''] = rule.rate_limit?.split('/') ?? [];
        if (count === undefined) continue;
        const counter = `_rate_${window}`;
        rule.conditions = [{ path: `state.${scope(tool)}.${counter}`, op: 'lte', value: Number(count) }];
        rule.state = { counter, window };
      }
  }

  call(tool: string, args: Record<string, unknown>, now: number, fails = false): 'allow' | 'deny' {
    const { hide = [], default: posture, tools } = this.#policy;
    if (hide.includes(tool) || hide.includes('*')) return 'deny';
    if (posture === 'deny' && tools[tool] === undefined) return 'deny';
    const rules = [
      ...(tools[tool]?.rules ?? []).map((rule) => ({ rule, of: tool })),
      ...(tools['*']?.rules ?? []).map((rule) => ({ rule, of: '_global' })),
    ];
    for (const { rule } of rules) {
      if (rule.action === 'deny') return 'deny';
      for (const condition of rule.conditions ?? []) if (!this.#holds(condition, args, now)) return 'deny';
    }
    const taken: { key: string; amount: number }[] = [];
    const giveBack = () => {
      for (const { key, amount } of taken) {
        const count = this.#counts.get(key);
        if (count) count.value = Math.max(0, count.value - amount);
      }
    };
    for (const { rule, of } of rules) {
      if (!rule.state) continue;
      const key = `${of}.${rule.state.counter}`;
      const bound = rule.conditions?.find(
        ({ path, op }) => path === `state.${key}` && (op === 'lt' || op === 'lte'),
      );
      if (!bound) continue;
      const amount = amountOf(rule.state, args);
      const limit = Math.trunc(Number(bound.value)) - (bound.op === 'lt' ? 1 : 0);
      const windowMs = WINDOWS[rule.state.window] ?? 0;
      const value = this.#value(key, now);
      if (amount === undefined || value + amount > limit) {
        giveBack();
        return 'deny';
      }
      this.#counts.set(key, { value: value + amount, began: begin(now, windowMs), windowMs });
      taken.push({ key, amount });
    }
    if (fails) giveBack();
    return 'allow';
  }

  #value(key: string, now: number): number {
    const count = this.#counts.get(key);
    return count && count.began === begin(now, count.windowMs) ? count.value : 0;
  }

  #holds(
    { path, op, value }: { path: string; op: string; value: unknown },
    args: Record<string, unknown>,
    now: number,
  ): boolean {
    const [root = '', ...steps] = path.split('.');
    const found = root === 'state' ? this.#value(steps.join('.'), now) : resolve(args, steps);
    if (op === 'exists') return (found !== undefined && found !== null) === value;
    if (found === undefined) return false;
    switch (op) {
      case 'eq':
        return same(found, value);
      case 'neq':
        return !same(found, value);
      case 'in':
        return (value as unknown[]).some((one) => same(found, one));
      case 'not_in':
        return !(value as unknown[]).some((one) => same(found, one));
      case 'regex':
        return typeof found === 'string' && new RegExp(String(value)).test(found);
      case 'contains':
        if (typeof found === 'string') return typeof value === 'string' && found.includes(value);
        return Array.isArray(found) && found.some((one) => same(one, value));
      default: {
        if (typeof found !== 'number' || typeof value !== 'number') return false;
        if (op === 'lt') return found < value;
        if (op === 'lte') return found <= value;
        return op === 'gt' ? found > value : found >= value;
      }
    }
  }
}

const scope = (tool: string) => (tool === '*' ? '_global' : tool);
const begin = (now: number, windowMs: number) => now - (now % windowMs);

function amountOf(state: NonNullable<Rule['state']>, args: Record<string, unknown>): number | undefined {
  if (state.increment_from === undefined) return state.increment || 1;
  const found = resolve(args, state.increment_from.split('.').slice(1));
  return typeof found === 'number' ? Math.trunc(found) : undefined;
}

function resolve(args: unknown, steps: readonly string[]): unknown {
  let current = args;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || Array.isArray(current)) return undefined;
    if (!Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return current;
}

/** Numbers as numbers, everything else as it prints. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  return printed(a) === printed(b);
}
function printed(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([key, inner]) => `${key}:${printed(inner)}`).join(' ')}]`;
}
