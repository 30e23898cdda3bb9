import { Operator } from '../../../../shared/schemas/policy.ts';
import { OPERATORS } from './operators/table.ts';
import { closest } from './suggest.ts';

/** Words people write by habit from other policy languages, and what they may be called here. */
type Habits = ReadonlyMap<string, readonly string[]>;

function habits(table: Readonly<Record<string, string>>): Habits {
  const made = new Map<string, string[]>();
  for (const [wanted, words] of Object.entries(table))
    for (const word of words.split(' ')) made.set(word, [...(made.get(word) ?? []), wanted]);
  return made;
}
const meant = (table: Habits, word: string, known: readonly string[]) =>
  table.get(word)?.find((wanted) => known.includes(wanted));

const ACTIONS = habits({
  allow: 'permit pass accept approved allowed true yes auto auto_approve',
  ask: 'approve approval confirm prompt review manual require-approval requires_approval needs_approval human asked hitl',
  deny: 'block reject forbid refuse disallow prohibit denied blocked false no none never',
  hide: 'hidden remove omit invisible',
});
const OPERATOR_NAMES = habits(
  Object.fromEntries(Operator.options.map((op) => [op, OPERATORS[op].alsoCalled])),
);
const SCOPES = habits({
  grant: 'pair client_server per_client default',
  session: 'conversation connection',
  client: 'user agent app',
  server: 'tool mcp shared',
  global: 'all everything total',
});
const KEYS = habits({
  tools: 'rules tool policies permissions',
  clients: 'overrides users agents',
  hide: 'hidden hidden_tools',
  all_tools: 'all global everywhere every_tool',
  default: 'default_action fallback otherwise',
  op: 'operator operation cmp test match',
  path: 'field key arg argument param parameter property',
  value: 'values expected equals pattern',
  reason: 'message msg description comment note text error deny_message',
  conditions: 'when if where condition match all',
  deny_if: 'block_if reject_if deny_when blocks',
  ask_if: 'approve approval approve_if confirm_if ask_when',
  allow_if: 'unless except exceptions allow_when skip_if',
  require: 'requires must required requirements assert constraints',
  limits: 'quota quotas counters budget',
  rate_limit: 'rate ratelimit throttle rate_limits',
  action: 'effect decision mode permission policy verdict',
  window: 'per period interval duration seconds time',
  max: 'count limit maximum amount',
  increment_from: 'amount_from sum sum_of',
  on_exceed: 'on_limit exceed then',
});

/** The key that a mistyped or foreign `key` stands for, among those known in its place. */
export function suggestKey(key: string, known: readonly string[]): string | null {
  return meant(KEYS, key.toLowerCase().replaceAll('-', '_'), known) ?? closest(key, known);
}

/** What to write instead of a key that is known elsewhere, as a sentence; null when there is nothing better to say. */
export function misplacedKey(key: string, steps: readonly (string | number)[]): string | null {
  const inAllTools = steps.at(-1) === 'all_tools';
  if (key === 'action' && inAllTools)
    return 'An action for every tool is "default", or a "deny_if" or "ask_if" with empty conditions.';
  if (key === 'allow_if' && inAllTools) return 'It is written in the entry whose questions it lifts.';
  if (key === 'conditions' && steps.at(-2) === 'tools')
    return 'Put them into "require", or as a rule into "deny_if" or "ask_if".';
  if ((key === 'deny' || key === 'allow' || key === 'ask' || key === 'block') && steps.length === 0)
    return `Write it in "tools": { "NAME": { "action": "${key === 'block' ? 'deny' : key}" } }.`;
  return null;
}

/** The value that a wrong one of an enumeration stands for. */
export function suggestValue(key: string, value: unknown, options: readonly string[]): string | null {
  if (typeof value !== 'string' && typeof value !== 'boolean')
    return options.length === 1 ? (options[0] ?? null) : null;
  const word = String(value).toLowerCase().replaceAll(' ', '_');
  const table = key === 'op' ? OPERATOR_NAMES : key === 'scope' ? SCOPES : ACTIONS;
  if (key === 'default' && (word === 'hide' || ACTIONS.get(word)?.includes('hide')))
    return 'To hide every tool, write "hide": ["*"].';
  const habit = meant(table, word, options);
  if (habit !== undefined) return habit;
  return options.length === 1 ? (options[0] ?? null) : closest(word, options);
}

const UNITS: readonly (readonly [pattern: RegExp, name: string, seconds: number])[] = [
  [/^(s|secs?|seconds?)$/, 'second', 1],
  [/^(m|mins?|minutes?|minutely)$/, 'minute', 60],
  [/^(h|hrs?|hours?|hourly)$/, 'hour', 3600],
  [/^(d|days?|daily)$/, 'day', 86_400],
  [/^(w|weeks?|weekly)$/, '604800', 604_800],
  [/^(months?|monthly)$/, '2592000', 2_592_000],
];
function unitOf(text: string): readonly [name: string, seconds: number] | undefined {
  const found = UNITS.find(([pattern]) => pattern.test(text.toLowerCase()));
  return found && [found[1], found[2]];
}

/** `minutes` → `"minute"`, `1h` → `"hour"`, `2 days` → 172800. */
export function suggestWindow(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const [, count = '1', unit = ''] =
    /^(?:per |every |an? )?\s*(\d{0,6})\s*([a-z]+)$/i.exec(value.trim()) ?? [];
  const known = unitOf(unit);
  if (known === undefined) return /^\d+$/.test(value) ? `Write ${value} without quotes.` : null;
  const [name, seconds] = known;
  if (count === '' || count === '1') return /^\d/.test(name) ? `Write ${name}, in seconds.` : name;
  return `Write ${Number(count) * seconds}, in seconds.`;
}

/** `10 per minute`, `10/min`, `10rpm` → `10/minute`. */
export function suggestRate(value: unknown): string | null {
  if (typeof value === 'number') return `${value}/minute`;
  if (typeof value === 'object' && value !== null) return 'Its keys are "max" and "window".';
  if (typeof value !== 'string') return null;
  const [, count, unit = ''] =
    /^(\d{1,9})\s*(?:times|calls|requests|req)?\s*(?:\/|per|an?|every|each)\s*([a-z]+)$/i.exec(
      value.trim(),
    ) ?? [];
  const [name = ''] = unitOf(unit) ?? [];
  if (count === undefined || name === '') return null;
  return /^\d/.test(name) ? `Write { "max": ${count}, "window": ${name} }.` : `${count}/${name}`;
}

/** What to do where a value has another type than is expected; null when that is plain. */
export function suggestType(expected: string, key: string, value: unknown): string | null {
  if (expected === 'number' || expected === 'int')
    return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
      ? `Write ${value} without quotes.`
      : null;
  if (expected === 'string') return typeof value === 'number' ? `Write "${value}" in quotes.` : null;
  if (expected === 'array') {
    if (typeof value === 'string') return `Write [${JSON.stringify(value)}].`;
    return typeof value === 'object' && value !== null ? 'Put it in [ ].' : null;
  }
  if (key === 'tools' || key === 'clients')
    return `Write { "NAME": { … } }, with one entry for each ${key === 'tools' ? 'tool or pattern' : 'client'}.`;
  if (typeof value === 'string' || typeof value === 'boolean') {
    const action = suggestValue('action', value, ['allow', 'ask', 'deny', 'hide']);
    if (action !== null)
      return action === 'allow' ? 'Write { } to allow it.' : `Write { "action": "${action}" }.`;
  }
  return null;
}

/** The path that a wrong one stands for, or what to know about paths. */
export function suggestPath(path: string, isPath: (path: string) => boolean): string | null {
  if (/^(result|response|output|return)s?\b/.test(path))
    return 'A policy sees the arguments of a call, not its result.';
  const bare = path.replace(
    /^(\$\.?)?(?:(?:(?:request|params|arguments|args|input|parameters|tool_input)\b)\.?)*/,
    '',
  );
  const guess = `args${bare.startsWith('[') || bare === '' ? '' : '.'}${bare}`
    .replaceAll('[]', '[*]')
    .replaceAll(/\.\*(?=\.|\[|$)/g, '[*]')
    .replaceAll(/\['([^'"\]]*)'\]/g, '["$1"]')
    .replaceAll(/\.(\d+)(?=\.|\[|$)/g, '[$1]');
  if (/\[-\d+\]/.test(path)) return 'Elements are counted from 0; [*] means every element.';
  return guess !== path && guess !== 'args' && isPath(guess) ? guess : null;
}
