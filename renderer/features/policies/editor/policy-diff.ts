import { createTwoFilesPatch } from 'diff';

/** Past this the diff says nothing any more, and working it out would hold up typing, ms. */
const MOST_MS = 60;

/** A unified diff of two policy texts; empty when they are the same, null when almost everything differs. */
export function policyDiff(before: string, after: string): string | null {
  if (before === after) return '';
  return createTwoFilesPatch('before', 'after', before, after, '', '', { timeout: MOST_MS }) ?? null;
}
