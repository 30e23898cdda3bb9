import type {
  Operator,
  PolicyAction,
  PolicyAllTools,
  PolicyCondition,
  PolicyDefault,
  PolicyDocument,
  PolicyEntry,
  PolicyLimit,
  PolicyOverlay,
  PolicyRule,
} from '../../../shared/schemas/policy.ts';
import type { Json } from '../codec/types.ts';
import { type Condition, compileOperator } from './conditions.ts';
import { toUnits, UNIT } from './decimal.ts';
import { globMatches, isGlob, literalLength } from './glob.ts';
import { pointerStep } from './json.ts';
import { type Limit, rateLimitParts, windowMs } from './limits.ts';
import { suggestPath } from './mistakes.ts';
import { parsePath, type Step } from './path.ts';
import type { PolicyProblem } from './types.ts';

export type PolicyWarning = { readonly path: string; readonly message: string };
export type EntryAction = 'allow' | 'ask' | 'deny' | 'hide';

export interface Rule {
  readonly pointer: string;
  readonly conditions: readonly Condition[];
  readonly message: string | null;
}
/** What one entry (or `all_tools`) says, short forms written out. */
export interface Checks {
  readonly pointer: string;
  readonly denyIf: readonly Rule[];
  readonly require: readonly Condition[];
  readonly limits: readonly Limit[];
  readonly askIf: readonly Rule[];
}
export interface Entry extends Checks {
  /** The key in `tools`: a name or a pattern. */
  readonly key: string;
  readonly action: EntryAction;
  /** When one holds, this entry's own questions are not put. */
  readonly allowIf: readonly Rule[];
  readonly message: string | null;
}
/** One layer: the document itself, or the overlay of a client. */
export interface Layer {
  readonly pointer: string;
  /** Null in an overlay that leaves it to the document. */
  readonly default: 'allow' | 'ask' | 'deny' | null;
  readonly hide: readonly { readonly pattern: string; readonly pointer: string }[];
  readonly allTools: Checks | null;
  readonly exact: ReadonlyMap<string, Entry>;
  /** Most literal characters first, so the first that matches applies. */
  readonly globs: readonly Entry[];
}
export interface CompiledPolicy {
  readonly document: PolicyDocument;
  readonly base: Layer;
  readonly clients: ReadonlyMap<string, Layer>;
}

/** Collects what is wrong while a document of the right shape is turned into rules. */
class Findings {
  readonly problems: PolicyProblem[] = [];
  readonly warnings: PolicyWarning[] = [];
  problem(path: string, message: string, suggestion: string | null = null): void {
    this.problems.push({ path, message, suggestion });
  }
  warn(path: string, message: string): void {
    this.warnings.push({ path, message });
  }
}

export function compile(document: PolicyDocument): {
  policy: CompiledPolicy;
  problems: PolicyProblem[];
  warnings: PolicyWarning[];
} {
  const found = new Findings();
  const base = layer(document, '', found);
  if (document.default === undefined)
    found.warn('/default', 'There is no default, so tools that no entry names are denied.');
  const clients = new Map<string, Layer>();
  for (const [id, overlay] of Object.entries(document.clients ?? {}))
    clients.set(id, layer(overlay, `/clients${pointerStep(id)}`, found));
  const policy = { document, base: { ...base, default: base.default ?? ('deny' as const) }, clients };
  return { policy, problems: found.problems, warnings: found.warnings };
}

function plainAction(action: PolicyAction | PolicyDefault): EntryAction {
  return action === 'require_approval' ? 'ask' : action;
}

function layer(source: PolicyOverlay, pointer: string, found: Findings): Layer {
  const exact = new Map<string, Entry>();
  const globs: Entry[] = [];
  for (const [key, entry] of Object.entries(source.tools ?? {})) {
    const at = `${pointer}/tools${pointerStep(key)}`;
    const compiled: Entry = {
      key,
      action: plainAction(entry.action ?? 'allow'),
      message: entry.on_deny ?? entry.reason ?? null,
      allowIf: allowRules(entry, at, found),
      ...checks(entry, at, found),
    };
    if (isGlob(key)) globs.push(compiled);
    else exact.set(key, compiled);
  }
  // Array.sort is stable: equally exact patterns keep the order of the document.
  globs.sort((a, b) => literalLength(b.key) - literalLength(a.key));
  for (const [i, glob] of globs.entries()) {
    const other = globs[i + 1];
    if (
      other !== undefined &&
      literalLength(other.key) === literalLength(glob.key) &&
      other.action !== glob.action
    )
      found.warn(
        other.pointer,
        `"${glob.key}" and "${other.key}" are equally exact; where both match, "${glob.key}" applies.`,
      );
  }
  const hide = (source.hide ?? []).map((pattern, i) => ({ pattern, pointer: `${pointer}/hide/${i}` }));
  for (const entry of exact.values()) {
    const hidden = hide.find(({ pattern }) => globMatches(pattern, entry.key));
    if (hidden !== undefined && entry.action !== 'hide')
      found.warn(
        entry.pointer,
        `This has no effect: ${hidden.pointer} ("${hidden.pattern}") hides ${entry.key}.`,
      );
  }
  return {
    pointer,
    default: source.default === undefined ? null : (plainAction(source.default) as 'allow' | 'ask' | 'deny'),
    hide,
    allTools: source.all_tools === undefined ? null : checks(source.all_tools, `${pointer}/all_tools`, found),
    exact,
    globs,
  };
}

function checks(source: PolicyEntry | PolicyAllTools, pointer: string, found: Findings): Checks {
  const limits = (source.limits ?? []).map((limit, i) =>
    compileLimit(limit, `${pointer}/limits/${i}`, found),
  );
  if (source.rate_limit !== undefined)
    limits.push(compileLimit(rateLimitParts(source.rate_limit), `${pointer}/rate_limit`, found));
  return {
    pointer,
    denyIf: (source.deny_if ?? []).map((rule, i) => compileRule(rule, `${pointer}/deny_if/${i}`, found)),
    require: (source.require ?? []).map((condition, i) => {
      const at = `${pointer}/require/${i}`;
      if (condition.op === 'regex' && typeof condition.value === 'string')
        anchors(condition.value, at, found);
      return compileCondition(condition, at, found);
    }),
    limits,
    askIf: (source.ask_if ?? []).map((rule, i) => compileRule(rule, `${pointer}/ask_if/${i}`, found)),
  };
}

/**
 * Exceptions from the questions of an entry. Where nothing is asked there is no exception: whoever writes `allow_if` alone
 * means "only these", and would have allowed everything.
 */
function allowRules(entry: PolicyEntry, pointer: string, found: Findings): Rule[] {
  const rules = entry.allow_if ?? [];
  const at = `${pointer}/allow_if`;
  const action = plainAction(entry.action ?? 'allow');
  if (entry.allow_if !== undefined && action === 'allow' && entry.ask_if === undefined)
    found.problem(
      at,
      '"allow_if" says when this entry does not ask, but it never asks, so it would allow every call.',
      'Add "action": "ask" beside it.',
    );
  if (rules.length > 0 && (action === 'deny' || action === 'hide'))
    found.warn(at, `This has no effect while the action is "${action}": it lifts questions only.`);
  return rules.map((rule, i) => {
    if (rule.conditions.length === 0)
      found.warn(
        `${at}/${i}`,
        'Without conditions this always holds, so the questions of this entry are never put.',
      );
    for (const [j, { op, value }] of rule.conditions.entries())
      if (op === 'regex' && typeof value === 'string') anchors(value, `${at}/${i}/conditions/${j}`, found);
    return compileRule(rule, `${at}/${i}`, found);
  });
}

function anchors(pattern: string, at: string, found: Findings): void {
  const flags = /^\(\?[a-z]+\)/.exec(pattern)?.[0] ?? '';
  const rest = pattern.slice(flags.length);
  if (!/^(\^|\\A)/.test(rest) || !/(\$|\\z)$/.test(rest))
    found.warn(
      `${at}/value`,
      'This pattern may match anywhere in the text. Begin it with ^ and end it with $ to require the whole.',
    );
}

function compileRule(rule: PolicyRule, pointer: string, found: Findings): Rule {
  return {
    pointer,
    conditions: rule.conditions.map((c, i) => compileCondition(c, `${pointer}/conditions/${i}`, found)),
    message: rule.on_deny ?? rule.reason ?? null,
  };
}

function steps(path: string, pointer: string, found: Findings, whole = false): readonly Step[] {
  const parsed = parsePath(path);
  if (parsed !== undefined && (whole || parsed.length > 0)) return parsed;
  if (parsed !== undefined) {
    found.problem(
      pointer,
      '"args" means all arguments together, which is an object. Name one of them, such as args.amount.',
    );
    return [];
  }
  found.problem(
    pointer,
    `"${path}" is not a path into the arguments. Paths look like args.amount, args.list[0], args.list[*] or args["a key"].`,
    suggestPath(path, (guess) => parsePath(guess) !== undefined),
  );
  return [];
}

/** Operators that can be asked about `args` itself. */
const JUDGES_OBJECTS: ReadonlySet<Operator> = new Set([
  'keys_in',
  'exists',
  'not_exists',
  'eq',
  'neq',
  'in',
  'not_in',
]);

function compileCondition(source: PolicyCondition, pointer: string, found: Findings): Condition {
  const value = source.value as Json | undefined;
  const compiled = compileOperator(source.op, value);
  if ('problem' in compiled)
    found.problem(`${pointer}/value`, `${compiled.problem}.`, compiled.suggestion ?? null);
  if (source.op === 'regex' && typeof value === 'string' && /^\/(\^.*|.*\$)\/[a-z]*$/s.test(value))
    found.warn(
      `${pointer}/value`,
      'The slashes around this pattern are part of it, so it fits nothing. Leave them out; (?i) at the beginning ignores case.',
    );
  if (source.op === 'starts_with' && typeof value === 'string' && /^https?:\/\/[^/]+$/i.test(value))
    found.warn(`${pointer}/value`, `This also fits ${value}.example.com. End it with a slash: "${value}/".`);
  if (source.op === 'glob' && typeof value === 'string' && /^[^\s/]+:\/\/[^/]*[^/*]\*$/.test(value))
    found.warn(
      `${pointer}/value`,
      `This also fits ${value.slice(0, -1)}.example.com. Write a slash before the last *: "${value.slice(0, -1)}/*".`,
    );
  if (
    source.op === 'regex' &&
    typeof value === 'string' &&
    /^[^\s/]*:\/\/[^/]*\.[*+]/.test(value.replaceAll('\\/', '/'))
  )
    found.warn(
      `${pointer}/value`,
      'Here .* and .+ also fit slashes, so another host may stand before. Write [^/]* for the part of the host.',
    );
  if (source.op === 'glob' && typeof value === 'string' && /^[a-z][\w.-]* \*$/.test(value))
    found.warn(
      `${pointer}/value`,
      'This fits every subcommand and option of that command, some of which run other programs.',
    );
  return {
    pointer,
    path: source.path,
    steps: steps(source.path, `${pointer}/path`, found, JUDGES_OBJECTS.has(source.op)),
    op: source.op,
    value,
    message: source.on_deny ?? source.reason ?? null,
    test: 'test' in compiled ? compiled.test : () => ({ truth: 'unfit', why: 'the rule is broken' }),
  };
}

function compileLimit(source: PolicyLimit, pointer: string, found: Findings): Limit {
  if (source.increment !== undefined && source.increment_from !== undefined)
    found.problem(
      `${pointer}/increment`,
      '"increment" and "increment_from" exclude each other.',
      'Keep one of them.',
    );
  const from = source.increment_from;
  return {
    pointer,
    counter: source.counter ?? null,
    window: source.window,
    windowMs: windowMs(source.window),
    max: source.max,
    maxUnits: toUnits(source.max, 'down') ?? 0n,
    scope: source.scope ?? 'grant',
    increment:
      from === undefined
        ? source.increment === undefined
          ? UNIT
          : (toUnits(source.increment) ?? UNIT)
        : { path: from, steps: steps(from, `${pointer}/increment_from`, found) },
    onExceed: source.on_exceed === undefined || source.on_exceed === 'deny' ? 'deny' : 'ask',
    message: source.on_deny ?? source.reason ?? null,
  };
}
