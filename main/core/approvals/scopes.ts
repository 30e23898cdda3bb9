import { APPROVAL_SCOPES, onlyOnceBecause } from '../../../shared/approval-scopes.ts';
import type { ApprovalScope } from '../../../shared/schemas/approval.ts';
import { scopeRefused } from '../../../shared/text/core/approvals.ts';
import type { ApprovalRequest } from './types.ts';

/** The scopes that the prompt of this call offers, as shared/approval-scopes.ts says. */
export function scopesFor(request: ApprovalRequest): ApprovalScope[] {
  const once = onlyOnceBecause(request) !== null;
  return APPROVAL_SCOPES.filter(
    ({ offered }) => offered === 'always' || (!once && (offered === 'harmless' || ofItsEntry(request.rule))),
  ).map(({ key }) => key);
}

/** Why a scope is not available, for the person who asked for it. */
export function scopeRefusal(request: ApprovalRequest, id: string, scope: ApprovalScope): string {
  const { risk, rule, tool } = request;
  switch (onlyOnceBecause(request)) {
    case 'critical':
    case 'financial':
      return scopeRefused.grave(id, risk.severity, risk.category);
    case 'privilege':
      return scopeRefused.privilege(id, tool);
    case 'unreviewed':
      return scopeRefused.unreviewed(id, tool);
    case null:
  }
  return scopeRefused.notOfItsEntry(tool, rule, scope);
}

/**
 * Whether a rule of the tool's own could end the question of this one. Guards, rules about every tool, and limits ask
 * whatever a tool's entry says.
 */
function ofItsEntry(rule: string): boolean {
  if (!rule.startsWith('/')) return false;
  const [first, ...rest] = rule.slice(1).split('/');
  const [section, , member] = first === 'clients' ? rest.slice(1) : [first, ...rest];
  return section !== 'all_tools' && member !== 'limits' && member !== 'rate_limit';
}
