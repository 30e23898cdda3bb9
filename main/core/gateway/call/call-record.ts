import type { Decision } from '../../../../shared/schemas/audit.ts';
import { besideReason, notRun } from '../../../../shared/text/model.ts';
import type { CallRecord } from '../../audit/types.ts';
import type { Verdict } from '../../policy/types.ts';
import type { CallWork } from './call-work.ts';
import { GATEWAY_RULES } from './gateway-rules.ts';
import type { Pending } from './pending.ts';

/** How a call that was judged came out; what is absent is as the verdict says. */
export interface Judged {
  readonly decision: Decision;
  readonly rule?: string;
  readonly reason?: string;
  readonly approvedBy?: string | null;
  readonly heldMs?: number | null;
}

/**
 * Writes the record without which nothing runs, together with those of the other calls that came in this turn of the event
 * loop: a commit takes longer than all the rest of a call. A call whose record failed is answered.
 */
export function recordSoon(
  work: CallWork,
  verdict: Verdict,
  judged: Judged,
  then: (failed: Error | undefined) => void,
): void {
  const { pending } = work;
  const { audit } = work.era.requests.deps;
  try {
    const seq = audit.beginSoon(recordOf(work, verdict, judged), (failed) => {
      if (failed) unwritten(work, failed);
      else work.recorded?.(seq);
      then(failed);
    });
    pending.seq = seq;
  } catch (error) {
    unwritten(work, error as Error);
    then(error as Error);
  }
}

/** Writes the record of a call that is not run, at once. False when that failed; the call is answered then. */
export function recordNow(work: CallWork, verdict: Verdict, judged: Judged): boolean {
  const { pending } = work;
  try {
    pending.seq = work.era.requests.deps.audit.begin(recordOf(work, verdict, judged));
    work.recorded?.(pending.seq);
    return true;
  } catch (error) {
    unwritten(work, error as Error);
    return false;
  }
}

function unwritten({ era, pending }: CallWork, error: Error): void {
  const { requests } = era;
  const tool = pending.call.name;
  pending.seq = undefined;
  requests.deps.log('error', `a call of ${tool} was refused: its audit record could not be written`, error);
  const meta = { decision: 'error', ...GATEWAY_RULES.unrecorded } as const;
  requests.conclude(pending, requests.notRun(pending, { text: notRun.unrecorded(tool), meta }));
}

function recordOf({ era, pending, definition }: CallWork, verdict: Verdict, judged: Judged): CallRecord {
  const { call } = pending;
  return {
    ...era.requests.caller,
    method: 'tools/call',
    tool: call.name,
    definitionHash: definition?.hash ?? null,
    policyVersion: verdict.policyVersion,
    rule: judged.rule ?? verdict.rule,
    reason: (judged.reason ?? verdict.reason) + goesOn(pending) + changed(pending),
    category: definition?.risk.category ?? null,
    severity: definition?.risk.severity ?? null,
    decision: judged.decision,
    would: verdict.would?.decision ?? null,
    argumentsDigest: call.argumentsDigest(),
    argumentsText: call.argumentsText(),
    approvedBy: judged.approvedBy ?? null,
    heldMs: judged.heldMs ?? null,
  };
}

function goesOn({ follows }: Pending): string {
  return follows === undefined ? '' : besideReason.goesOnWith(follows);
}

function changed({ edit, call }: Pending): string {
  return edit ? besideReason.edited(edit.by, edit.sent.argumentsDigest(), call.argumentsDigest()) : '';
}
