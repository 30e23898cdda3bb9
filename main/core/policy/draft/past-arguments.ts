import { REDACTED } from '../../audit/credential-patterns.ts';
import type { PastCall } from '../../audit/types.ts';
import { parseJson } from '../../codec/index.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import { resolvePath, type Step } from '../language/path.ts';

/** What a record still tells of a call's arguments. */
export interface PastArguments {
  /** As recorded; empty when they were cut and cannot be read any more. */
  readonly args: JsonObject;
  /** Whether anything of them may have been another. */
  readonly doubtful: boolean;
  /** Whether a value that a path leads to (or the names of `args` itself) may have been another when the call was made. */
  hidden(steps: readonly Step[]): boolean;
}

/** Undefined for a text that is not a JSON object (any more). */
export function parseArguments(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the arguments of a recorded call, and knows what in them was redacted. */
export function pastArguments(call: Pick<PastCall, 'argumentsText' | 'redacted'>): PastArguments {
  const args = parseArguments(call.argumentsText ?? '{}');
  if (args === undefined) return { args: {}, doubtful: true, hidden: () => true };
  if (!call.redacted) return { args, doubtful: false, hidden: () => false };
  return {
    args,
    doubtful: true,
    hidden: (steps) =>
      // A name that was redacted could have been any name.
      namesHidden(args) ||
      (steps.length > 0 &&
        resolvePath(steps, args).some((slot) => slot.kind === 'value' && wasRedacted(slot.value))),
  };
}

/** Whether a recorded value holds a mark of redaction. */
export function wasRedacted(value: Json): boolean {
  if (typeof value === 'string') return value.includes(REDACTED);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(wasRedacted);
  return Object.entries(value).some(([key, inner]) => key.includes(REDACTED) || wasRedacted(inner));
}

function namesHidden(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(namesHidden);
  return Object.entries(value).some(([key, inner]) => key.includes(REDACTED) || namesHidden(inner));
}
