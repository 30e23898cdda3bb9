import type {
  PolicyAction,
  PolicyAllTools,
  PolicyDefault,
  PolicyDocument,
  PolicyEntry,
  PolicyOverlay,
} from '../../../../shared/schemas/policy.ts';
import type { PolicyProblem } from '../types.ts';
import {
  compileCondition,
  compileLimit,
  compileRule,
  Findings,
  type PolicyWarning,
  type Rule,
  warnOpen,
} from './compile-rules.ts';
import type { Condition } from './conditions.ts';
import { globMatches, isGlob, literalLength } from './glob.ts';
import { pointerStep } from './json.ts';
import { type Limit, rateLimitParts } from './limits.ts';

export type { PolicyWarning, Rule } from './compile-rules.ts';
export type EntryAction = 'allow' | 'ask' | 'deny' | 'hide';

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
      warnOpen(condition, at, found);
      return compileCondition(condition, at, found);
    }),
    limits,
    askIf: (source.ask_if ?? []).map((rule, i) => compileRule(rule, `${pointer}/ask_if/${i}`, found)),
  };
}

/**
 * Exceptions from the questions of an entry. Where nothing is asked there is no exception: a person who writes `allow_if` alone
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
    for (const [j, condition] of rule.conditions.entries())
      warnOpen(condition, `${at}/${i}/conditions/${j}`, found);
    return compileRule(rule, `${at}/${i}`, found);
  });
}
