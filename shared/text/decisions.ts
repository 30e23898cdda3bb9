import type { Decision } from '../schemas/audit.ts';
import type { MissedHow } from '../schemas/health.ts';

/** What was decided about a call: as a label, and at the end of a line that tells of the call. */
export const decisionWords: Record<Decision, { readonly label: string; readonly ofCall: string }> = {
  allow: { label: 'Allowed', ofCall: 'allowed' },
  deny: { label: 'Denied', ofCall: 'denied' },
  // To whoever called, a hidden tool is one that is not there; to the person it is a call that did not run.
  hide: { label: 'Hidden', ofCall: 'denied' },
  ask: { label: 'Asked', ofCall: 'asked' },
  approved: { label: 'Approved', ofCall: 'approved' },
  refused: { label: 'Refused', ofCall: 'refused' },
  pending: { label: 'Pending', ofCall: 'waiting' },
  withdrawn: { label: 'Withdrawn', ofCall: 'withdrawn' },
  pass: { label: 'Passed', ofCall: 'passed on' },
};

/** How a question ended that nobody answered: as a sentence of its own, and at the end of a line that tells of the call. */
export const missedWords: Record<MissedHow, { readonly label: string; readonly ofCall: string }> = {
  expired: { label: 'Nobody answered in time', ofCall: 'nobody answered' },
  'gave-up': { label: 'The client gave up first', ofCall: 'the caller gave up first' },
  stopped: { label: 'Drawbridge ended meanwhile', ofCall: 'Drawbridge ended meanwhile' },
};

/** The labels alone, by what they stand for. */
export function labelsOf<K extends string>(words: Record<K, { readonly label: string }>): Record<K, string> {
  const labels = Object.entries<{ readonly label: string }>(words).map(([key, { label }]) => [key, label]);
  return Object.fromEntries(labels) as Record<K, string>;
}
