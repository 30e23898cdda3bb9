import { randomBytes } from 'node:crypto';
import { createApprovals } from '../../../main/core/approvals/index.ts';
import type { ApprovalOutcome, ApprovalRequest, HeldCall } from '../../../main/core/approvals/types.ts';
import { FakeClock } from '../../fakes/clock.ts';

export const MINUTE = 60_000;

export function request(over: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    clientId: 'cursor',
    clientName: 'Cursor',
    server: 'mail',
    tool: 'send_email',
    toolTitle: 'Send an e-mail',
    argsDigest: 'digest-1',
    definitionHash: 'definition-1',
    policyVersion: 'policy-1',
    risk: { category: 'Write', severity: 'Medium', flags: [], confidence: 0.9, reasons: [] },
    why: 'The policy asks before send_email.',
    rule: '/tools/send_email',
    argumentsText: '{"to":"ann@example.com"}',
    holdMs: 50_000,
    ...over,
  };
}

export function open(onAlways: (request: ApprovalRequest) => Promise<void> = async () => undefined) {
  const clock = new FakeClock();
  const approvals = createApprovals({ clock, randomBytes, onAlways });
  return { clock, approvals };
}

/** What has become of a held call by now, or `waiting`. */
export async function now(held: HeldCall): Promise<ApprovalOutcome | 'waiting'> {
  return Promise.race([held.outcome, Promise.resolve('waiting' as const)]);
}

export const allow = (id: string, scope: 'once' | '15m' | 'session' | 'always' = 'once') =>
  ({ id, decision: 'allow', scope, by: 'window' }) as const;
export const deny = (id: string, message?: string) =>
  ({ id, decision: 'deny', scope: 'once', by: 'window', message }) as const;
