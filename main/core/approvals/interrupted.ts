import { interrupted } from '../../../shared/text/core/approvals.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Interrupted } from './prompt-log.ts';

/** The record of a call that waited for a person when the core was killed. It was not run, and never will be. */
export function recordInterrupted(audit: Pick<AuditLog, 'begin' | 'finish'>, prompt: Interrupted): number {
  const { risk, count } = prompt;
  const seq = audit.begin({
    clientId: prompt.clientId,
    clientName: prompt.clientName,
    server: prompt.server,
    session: `approval:${prompt.id}`,
    method: 'tools/call',
    tool: prompt.tool,
    definitionHash: prompt.definitionHash,
    policyVersion: prompt.policyVersion,
    rule: prompt.rule,
    reason: interrupted(count, new Date(prompt.at).toISOString()),
    category: risk.category,
    severity: risk.severity,
    decision: 'withdrawn',
    would: null,
    argumentsDigest: prompt.argumentsDigest,
    argumentsText: prompt.argumentsText,
    approvedBy: null,
    heldMs: null,
  });
  audit.finish(seq, {
    status: 'not-run',
    durationMs: 0,
    resultDigest: null,
    resultBytes: null,
    error: null,
  });
  return seq;
}
