import type { ApprovalScope } from '../../../shared/schemas/approval.ts';
import type { ApprovalRequest } from './types.ts';

/**
 * How long an allowance may last. Once only: what nobody can undo, what moves money, what changes who may do what, and
 * tools whose definition nobody has vouched for.
 */
export function scopesFor({ risk, reviewed, rule }: ApprovalRequest): ApprovalScope[] {
  if (isGrave(risk) || risk.flags.includes('privilege') || !reviewed) return ['once'];
  return ofItsEntry(rule) ? ['once', '15m', 'session', 'always'] : ['once', '15m', 'session'];
}

/** Answered one by one, always. */
export function isGrave({ severity, category }: ApprovalRequest['risk']): boolean {
  return severity === 'Critical' || category === 'Financial';
}

/** Why a scope is not to be had, for the person who asked for it. */
export function scopeRefusal(request: ApprovalRequest, id: string, scope: ApprovalScope): string {
  const { risk, reviewed, rule, tool } = request;
  if (isGrave(risk))
    return `The call ${id} can only be allowed once, because it is ${risk.severity} and ${risk.category}.`;
  if (risk.flags.includes('privilege'))
    return `The call ${id} can only be allowed once, because ${tool} can change who may do what.`;
  if (!reviewed)
    return `The call ${id} can only be allowed once, because nobody has reviewed the definition of ${tool} yet.`;
  return `No rule for ${tool} alone can end this question, because ${rule} asks. The scope ${scope} is not to be had.`;
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
