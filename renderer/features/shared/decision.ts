import type { ActivityRow, CallStatus, Decision } from '../../../shared/schemas/audit.ts';
import { en } from '../../../shared/text/en.ts';
import type { Tone } from '../../ui/badge.tsx';

const t = en.activity;
export const DECISION_TONE: Record<Decision, Tone> = {
  allow: 'good',
  approved: 'good',
  ask: 'warn',
  deny: 'bad',
  refused: 'bad',
  hide: 'bad',
  pending: 'warn',
  withdrawn: 'none',
  pass: 'none',
};
export const STATUS_TONE: Record<CallStatus, string> = {
  running: 'text-info',
  ok: 'text-muted',
  'tool-error': 'text-warn',
  error: 'text-bad',
  'not-run': 'text-muted',
  cancelled: 'text-muted',
  lost: 'text-bad',
};

/** The tone of what was decided; of what enforcing would have decided where that is another. */
export function decisionTone(row: Pick<ActivityRow, 'decision' | 'would'>): Tone {
  return DECISION_TONE[row.would ?? row.decision];
}

/** `Allowed`, or under observe and bypass `Allowed, would be denied`. */
export function decisionText(row: Pick<ActivityRow, 'decision' | 'would'>): string {
  const decided = t.decision[row.decision];
  return row.would === null || row.would === row.decision
    ? decided
    : `${decided}, ${t.would(t.decision[row.would])}`;
}
