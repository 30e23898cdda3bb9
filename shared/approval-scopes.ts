/** One way to allow a waiting call: what it covers beyond the call, for how long, and where it is offered. */
export interface ScopeRow {
  readonly key: string;
  /**
   * What needs no question afterwards. `nothing`: this call runs, and no other; `call`: exactly this call again;
   * `tool`: any call of this tool by this client; `rule`: whatever the rule says that a person saves in the policy.
   */
  readonly covers: 'nothing' | 'call' | 'tool' | 'rule';
  /** How long, in milliseconds. Null: until Drawbridge ends, and of a rule as long as it is in the policy. */
  readonly ms: number | null;
  /**
   * `always`: in every prompt. `harmless`: not for what can only be allowed once ({@link onlyOnceBecause}).
   * `own-entry`: the same, and only where a rule of the tool's own entry could end the question.
   */
  readonly offered: 'always' | 'harmless' | 'own-entry';
}

const MINUTE_MS = 60_000;

/**
 * Every scope of an approval, in the order in which they are offered, from narrow to wide. A new one is a row here and
 * its words in shared/text/approval-scopes.ts.
 */
export const APPROVAL_SCOPES = [
  { key: 'once', covers: 'nothing', ms: 0, offered: 'always' },
  { key: '15m', covers: 'call', ms: 15 * MINUTE_MS, offered: 'harmless' },
  { key: 'session', covers: 'tool', ms: null, offered: 'harmless' },
  { key: 'always', covers: 'rule', ms: null, offered: 'own-entry' },
] as const satisfies readonly ScopeRow[];

type Row = (typeof APPROVAL_SCOPES)[number];
export type ApprovalScopeName = Row['key'];
/** The scopes that the core remembers as a grant, in memory. */
export type GrantScope = Extract<Row, { covers: 'call' | 'tool' }>['key'];
/** All but `once`. */
export type LastingScope = Exclude<Row, { covers: 'nothing' }>['key'];

export const SCOPE_NAMES: readonly ApprovalScopeName[] = APPROVAL_SCOPES.map(({ key }) => key);
export const LASTING_SCOPES: readonly LastingScope[] = APPROVAL_SCOPES.flatMap((row) =>
  row.covers === 'nothing' ? [] : [row.key],
);
/** The scopes that are remembered as grants, from narrow to wide. */
export const GRANT_SCOPES: readonly GrantScope[] = APPROVAL_SCOPES.flatMap((row) =>
  row.covers === 'call' || row.covers === 'tool' ? [row.key] : [],
);

export function scopeRow(scope: ApprovalScopeName): ScopeRow {
  const row = APPROVAL_SCOPES.find(({ key }) => key === scope);
  if (row === undefined) throw new Error(`There is no scope ${scope}.`);
  return row;
}

export function isGrantScope(scope: ApprovalScopeName): scope is GrantScope {
  return (GRANT_SCOPES as readonly ApprovalScopeName[]).includes(scope);
}

/** Whether this scope saves a rule in the policy. */
export function savesRule(scope: ApprovalScopeName): boolean {
  return scopeRow(scope).covers === 'rule';
}

/** Why calls of a class are always allowed one by one, and once only; null when they are not. */
export function aloneBecause(risk: {
  readonly category: string;
  readonly severity: string;
}): 'critical' | 'financial' | null {
  if (risk.category === 'Financial') return 'financial';
  return risk.severity === 'Critical' ? 'critical' : null;
}

/**
 * Why a call can be allowed once and no longer; null when it can. What nobody can undo, what moves money, what changes
 * who may do what, and tools whose definition nobody has reviewed.
 */
export function onlyOnceBecause(call: {
  readonly risk: { readonly category: string; readonly severity: string; readonly flags: readonly string[] };
  readonly reviewed: boolean;
}): 'critical' | 'financial' | 'privilege' | 'unreviewed' | null {
  const alone = aloneBecause(call.risk);
  if (alone !== null) return alone;
  if (call.risk.flags.includes('privilege')) return 'privilege';
  return call.reviewed ? null : 'unreviewed';
}
