import type { ApprovalView } from '../../../shared/schemas/approval.ts';
import { en } from '../../../shared/text/en.ts';
import { useNow } from '../../client/hooks.ts';
import { countdown } from '../../ui/format.ts';

const t = en.approvals;

/** How long the caller still waits, and what happens then. Not read out: it changes every second. */
export function ApprovalCountdown({ approval }: { approval: ApprovalView }) {
  const now = useNow(1000);
  const text =
    approval.state === 'pending'
      ? t.pending(countdown(approval.expiresAt - now))
      : now < approval.holdUntil
        ? t.holding(countdown(approval.holdUntil - now))
        : t.ended;
  return (
    <p role="timer" aria-live="off" className="text-muted">
      {text}
    </p>
  );
}
