import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { useNow } from '../../../client/hooks.ts';
import { countdown } from '../../../ui/format.ts';
import { useAttended } from './use-attended.ts';

const t = en.approvals;

/**
 * How long the caller still waits, and what happens then: that is the client's own limit, and does not stop. What stops
 * while the person is on the window is the end of the prompt. Not read out: it changes every second.
 */
export function ApprovalCountdown({ approval }: { approval: ApprovalView }) {
  const now = useNow(1000);
  const isAttended = useAttended(approval.id);
  const isHeld = approval.state === 'holding' && now < approval.holdUntil;
  const end = isAttended ? t.attended : t.givenUp(countdown(approval.expiresAt - now));
  return (
    <p role="timer" aria-live="off" className="text-muted">
      {isHeld
        ? t.holding(visibleText(approval.clientName), countdown(approval.holdUntil - now))
        : `${approval.state === 'pending' ? t.pending : t.ended} ${end}`}
    </p>
  );
}
