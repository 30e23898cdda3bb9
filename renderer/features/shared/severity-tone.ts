import type { Severity } from '../../../shared/schemas/common.ts';
import type { Tone } from '../../ui/badge.tsx';

/** The colour of a tool's class, the same wherever a tool is named. */
export const SEVERITY_TONE: Record<Severity, Tone> = {
  Low: 'none',
  Medium: 'info',
  High: 'warn',
  Critical: 'bad',
};
