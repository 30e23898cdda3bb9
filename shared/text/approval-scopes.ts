import {
  type ApprovalScopeName,
  type GrantScope,
  isGrantScope,
  SCOPE_NAMES,
  scopeRow,
} from '../approval-scopes.ts';

/** How long each grant is good for, as it ends a sentence. */
const SPANS: Record<GrantScope, string> = {
  '15m': 'for 15 minutes',
  session: 'until Drawbridge quits',
};

/** What a scope is called where a person chooses one. */
export function scopeLabel(scope: ApprovalScopeName): string {
  if (isGrantScope(scope))
    return scopeRow(scope).covers === 'tool'
      ? `Allow this tool for this client ${SPANS[scope]}`
      : `Allow this exact call ${SPANS[scope]}`;
  return scopeRow(scope).covers === 'rule' ? 'Always allow calls like this…' : 'Allow once';
}

/** What a grant means from now on, as a sentence. */
export function grantEffect(scope: GrantScope): string {
  return scopeRow(scope).covers === 'tool'
    ? `This tool needs no question for this client ${SPANS[scope]}.`
    : `This exact call needs no question ${SPANS[scope]}.`;
}

/** `once|15m|session|always`, for the usage of a command. */
export const scopeUsage = SCOPE_NAMES.join('|');
/** `once, 15m, session or always`. */
export const scopeList = `${SCOPE_NAMES.slice(0, -1).join(', ')} or ${SCOPE_NAMES.at(-1)}`;
