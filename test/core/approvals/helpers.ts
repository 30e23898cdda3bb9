import { randomBytes } from 'node:crypto';
import { createApprovals } from '../../../main/core/approvals/index.ts';
import type { PromptLog } from '../../../main/core/approvals/prompt-log.ts';
import type {
  ApprovalOutcome,
  ApprovalRequest,
  Approvals,
  HeldCall,
  Judged,
  WaitingCall,
} from '../../../main/core/approvals/types.ts';
import type { RuleField } from '../../../shared/schemas/rule.ts';
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
    fields: [],
    reviewed: true,
    change: null,
    argumentsText: '{"to":"ann@example.com"}',
    holdMs: 50_000,
    ...over,
  };
}

/** Keeps nothing of what was asked. */
export const noLog: PromptLog = {
  opened: () => undefined,
  joined: () => undefined,
  ended: () => undefined,
  recorded: () => undefined,
};

/** A queue whose `ask` needs no call behind it: each is one that the policy asks about, as it was asked. */
export function open(
  onAlways: (
    request: ApprovalRequest,
    rule: readonly RuleField[] | undefined,
  ) => Promise<string> = async () => 'Cursor may use send_email.',
  log: PromptLog = noLog,
  clock = new FakeClock(),
) {
  const approvals = createApprovals({ clock, randomBytes, onAlways, log });
  return { clock, approvals: withCalls(approvals) };
}

export function asAsked(asked: ApprovalRequest): Judged {
  const { rule, why, definitionHash, reviewed, policyVersion } = asked;
  return { decision: 'ask', rule, why, definitionHash, reviewed, policyVersion };
}

/** A call that is judged as `now` says, whatever its arguments. */
export function callOf(asked: ApprovalRequest, now: () => Partial<Judged> = () => ({})): WaitingCall {
  const judge = (): Judged => ({ ...asAsked(asked), ...now() });
  return { judge, judgeWith: judge };
}

export function withCalls(approvals: Approvals) {
  return {
    ...approvals,
    ask: (asked: ApprovalRequest, call: WaitingCall = callOf(asked)) => approvals.ask(asked, call),
  };
}

/** What has become of a held call by now, or `waiting`. */
export async function now(held: HeldCall): Promise<ApprovalOutcome | 'waiting'> {
  return Promise.race([held.outcome, Promise.resolve('waiting' as const)]);
}

export const allow = (id: string, scope: 'once' | '15m' | 'session' | 'always' = 'once') =>
  ({ id, decision: 'allow', scope, by: 'window' }) as const;
export const deny = (id: string, message?: string) =>
  ({ id, decision: 'deny', scope: 'once', by: 'window', message }) as const;
