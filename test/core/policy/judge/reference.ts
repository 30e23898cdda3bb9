/**
 * A policy evaluator written from docs/policy.md, sharing nothing with the program: raw documents, lists instead of
 * counters, no caches. test/core/policy/judge/reference.test.ts compares its decisions with those of the engine.
 */
import { find, glob, type Json, one, type RefCondition } from './reference-conditions.ts';

type Rule = { conditions: RefCondition[] };
export interface RefLimit {
  counter?: string;
  window: string | number;
  max: number;
  scope?: string;
  increment_from?: string;
  increment?: number;
  on_exceed?: string;
}
export interface RefEntry {
  action?: string;
  deny_if?: Rule[];
  require?: RefCondition[];
  limits?: RefLimit[];
  rate_limit?: string | { max: number; window: string | number };
  ask_if?: Rule[];
  allow_if?: Rule[];
}
export interface RefLayer {
  default?: string;
  hide?: string[];
  all_tools?: RefEntry;
  tools?: Record<string, RefEntry>;
}
export interface RefDocument extends RefLayer {
  version: '1';
  clients?: Record<string, RefLayer>;
}
export interface RefCall {
  client: string;
  server: string;
  session: string;
  tool: string;
  args: Json;
}
export interface RefVerdict {
  decision: 'allow' | 'ask' | 'deny' | 'hide';
  rule: string;
}

type Part = { at: string; entry: RefEntry };
type Use = { name: string; amount: bigint; limit: RefLimit; at: string };
/** What was counted: under which name, when, how much (in millionths of millionths). */
type Counted = { name: string; at: number; amount: bigint };

const step = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
const action = (name: string | undefined) => (name === 'require_approval' ? 'ask' : (name ?? 'allow'));
const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86400 };
export const milliseconds = (window: string | number) =>
  1000 * (typeof window === 'number' ? window : (SECONDS[window] ?? Number.NaN));

export class Reference {
  readonly #document: RefDocument;
  readonly #loop: number | null;
  #counted: Counted[] = [];
  #calls: { key: string; at: number }[] = [];

  constructor(document: RefDocument, loop: number | null = null) {
    this.#document = document;
    this.#loop = loop;
  }

  judge(call: RefCall, now: number): RefVerdict {
    return this.#judge(call, now, false).verdict;
  }

  /** The call is forwarded if it is allowed, or asked about and approved. The result takes it back. */
  forward(call: RefCall, now: number, approved: boolean): { verdict: RefVerdict; back?: () => void } {
    const { verdict, uses } = this.#judge(call, now, approved);
    if (!(verdict.decision === 'allow' || (verdict.decision === 'ask' && approved))) return { verdict };
    const counted = [...new Set(uses.map(({ name }) => name))].map((name) => ({
      name,
      at: now,
      amount: this.#most(uses, name),
    }));
    const made = { key: loopKey(call), at: now };
    this.#counted.push(...counted);
    this.#calls.push(made);
    return {
      verdict,
      back: () => {
        this.#counted = this.#counted.filter((c) => !counted.includes(c));
        this.#calls = this.#calls.filter((c) => c !== made);
      },
    };
  }

  /** A call counts once on a counter, with the most that one of its limits adds. */
  #most(uses: Use[], name: string): bigint {
    let most = 0n;
    for (const use of uses) if (use.name === name && use.amount > most) most = use.amount;
    return most;
  }

  #judge(call: RefCall, now: number, approved: boolean): { verdict: RefVerdict; uses: Use[] } {
    const uses: Use[] = [];
    const verdict = (decision: RefVerdict['decision'], rule: string) => ({
      verdict: { decision, rule },
      uses,
    });
    const overlay = this.#document.clients?.[call.client];
    const over = `/clients${step(call.client)}`;
    const layers = [{ at: '', layer: this.#document as RefLayer }];
    if (overlay) layers.push({ at: over, layer: overlay });

    for (const { at, layer } of layers) {
      const i = (layer.hide ?? []).findIndex((pattern) => glob(pattern, call.tool));
      if (i >= 0) return verdict('hide', `${at}/hide/${i}`);
    }
    const own = (overlay && entryFor(overlay, over, call.tool)) ?? entryFor(this.#document, '', call.tool);
    const does = own ? action(own.entry.action) : undefined;
    if (own && does === 'hide') return verdict('hide', `${own.at}/action`);
    if (own && does === 'deny') return verdict('deny', `${own.at}/action`);
    const fallbackAt = overlay?.default === undefined ? '/default' : `${over}/default`;
    const fallback = action(overlay?.default ?? this.#document.default ?? 'deny');
    if (!own && fallback === 'deny') return verdict('deny', fallbackAt);

    const common: Part[] = layers.flatMap(({ at, layer }) =>
      layer.all_tools ? [{ at: `${at}/all_tools`, entry: layer.all_tools }] : [],
    );
    const parts = own ? [own, ...common] : common;
    for (const { at, entry } of parts)
      for (const [i, rule] of (entry.deny_if ?? []).entries())
        if (offends(rule, call.args)) return verdict('deny', `${at}/deny_if/${i}`);
    for (const { at, entry } of parts)
      for (const [i, condition] of (entry.require ?? []).entries())
        if (!inOrder(condition, call.args)) return verdict('deny', `${at}/require/${i}`);

    const limits = parts.flatMap(limitsOf);
    for (const { at, limit } of limits) {
      const amount = amountOf(limit, call.args);
      if (amount === undefined) return verdict('deny', at);
      uses.push({ name: counterName(limit, at, call), amount, limit, at });
    }
    const full = ({ name, limit }: Use) => {
      const from = now - milliseconds(limit.window);
      const before = this.#counted
        .filter((c) => c.name === name && c.at > from)
        .reduce((sum, { amount }) => sum + amount, 0n);
      return before + this.#most(uses, name) > units(limit.max, 'down');
    };
    const exceeded = uses.filter(full);
    const asks = ({ limit }: Use) => limit.on_exceed === 'ask' || limit.on_exceed === 'require_approval';
    const denying = exceeded.find((use) => !asks(use));
    if (denying) return verdict('deny', denying.at);

    const repeats = this.#calls.filter((c) => c.key === loopKey(call) && c.at > now - 60_000).length;
    if (this.#loop !== null && repeats >= 2 * this.#loop && !approved) return verdict('deny', 'guard:loop');
    if (exceeded[0]) return verdict('ask', exceeded[0].at);

    const questions = (part: Part) =>
      (part.entry.ask_if ?? []).flatMap((rule, i) =>
        offends(rule, call.args) ? [`${part.at}/ask_if/${i}`] : [],
      );
    let ownQuestion = own ? (does === 'ask' ? `${own.at}/action` : questions(own)[0]) : undefined;
    if (!own && fallback === 'ask') ownQuestion = fallbackAt;
    const exception = (own?.entry.allow_if ?? []).findIndex((rule) =>
      rule.conditions.every((condition) => inOrder(condition, call.args)),
    );
    const lifted = own !== undefined && ownQuestion !== undefined && exception >= 0;
    if (ownQuestion !== undefined && !lifted) return verdict('ask', ownQuestion);
    const question = common.flatMap(questions)[0];
    if (question !== undefined) return verdict('ask', question);
    if (this.#loop !== null && repeats >= this.#loop) return verdict('ask', 'guard:loop');
    if (lifted) return verdict('allow', `${own.at}/allow_if/${exception}`);
    return verdict('allow', own ? own.at : fallbackAt);
  }
}

const loopKey = ({ client, server, tool, args }: RefCall) => JSON.stringify([client, server, tool, args]);

/** Exact names before patterns, then the most characters that are not `*`, then the first. */
function entryFor(layer: RefLayer, at: string, tool: string): Part | undefined {
  const part = (key: string): Part => ({
    at: `${at}/tools${step(key)}`,
    entry: layer.tools?.[key] as RefEntry,
  });
  const keys = Object.keys(layer.tools ?? {});
  if (keys.includes(tool)) return part(tool);
  const length = (key: string) => key.replaceAll('*', '').length;
  const best = keys
    .filter((key) => key.includes('*') && glob(key, tool))
    .reduce<string | undefined>((a, b) => (a === undefined || length(b) > length(a) ? b : a), undefined);
  return best === undefined ? undefined : part(best);
}

/** For deny_if and ask_if: one element that offends is enough, and doubt offends. */
function offends(rule: Rule, args: Json): boolean {
  return rule.conditions.every((condition) =>
    find(condition.path, args).some((place) => one(condition, place) !== 'no'),
  );
}
/** For require and allow_if: every element is in order, without doubt. */
function inOrder(condition: RefCondition, args: Json): boolean {
  return find(condition.path, args).every((place) => one(condition, place) === 'yes');
}

export function limitsOf({ at, entry }: Part): { at: string; limit: RefLimit }[] {
  const limits = (entry.limits ?? []).map((limit, i) => ({ at: `${at}/limits/${i}`, limit }));
  if (entry.rate_limit === undefined) return limits;
  const [max, window] =
    typeof entry.rate_limit === 'string'
      ? (entry.rate_limit.split('/') as [string, string])
      : [entry.rate_limit.max, entry.rate_limit.window];
  return [...limits, { at: `${at}/rate_limit`, limit: { max: Number(max), window } }];
}

export function counterName(limit: RefLimit, at: string, { client, server, session }: RefCall): string {
  const scope = limit.scope ?? 'grant';
  const who: Record<string, string[]> = {
    grant: [client, server],
    session: [client, server, session],
    client: [client],
    server: [server],
    global: [],
  };
  const what = limit.counter === undefined ? ['of its own', server, at] : ['named', limit.counter];
  return JSON.stringify([what, milliseconds(limit.window), scope, who[scope]]);
}

export function amountOf(limit: RefLimit, args: Json): bigint | undefined {
  if (limit.increment_from === undefined) return units(limit.increment ?? 1, 'up');
  let sum = 0n;
  for (const place of find(limit.increment_from, args)) {
    if (typeof place !== 'number' || !(place >= 0) || place > 2 ** 53 - 1) return undefined;
    sum += units(place, 'up');
  }
  return sum;
}

/** Twelve decimals, written out by hand: the shortest decimal form of a double, with zeros up to the 400th place. */
export function units(value: number, round: 'up' | 'down'): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const places = 400;
  const digits = BigInt(whole + fraction) * 10n ** BigInt(places - fraction.length + Number(exponent));
  const divisor = 10n ** BigInt(places - 12);
  return digits / divisor + (round === 'up' && digits % divisor > 0n ? 1n : 0n);
}
