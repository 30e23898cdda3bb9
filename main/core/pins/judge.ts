import type { ChangeKind } from '../../../shared/schemas/pin.ts';
import type { JsonObject } from '../codec/types.ts';
import { addedArguments } from './arguments.ts';
import { loweredRisk } from './declared-risk.ts';
import { type HiddenText, hiddenText } from './hidden-text.ts';
import { type Instruction, instructionsIn } from './instructions.ts';
import { eachText, leavesOf } from './walk.ts';

/** What a definition, or a change of one, does that a person has to look at. Nothing: it passes. */
export interface Judgement {
  readonly kinds: readonly ChangeKind[];
  /** One sentence for each finding. They quote the definition: untrusted text. */
  readonly reasons: readonly string[];
}

/** Names listed in one sentence. */
const MAX_NAMES = 8;

/**
 * Judges a definition that was never seen before: hidden text blocks it, anything else only warns
 * (docs/design/security.md).
 */
export function judgeFirst(definition: JsonObject): Judgement & { readonly warnings: readonly string[] } {
  const hidden = hiddenText(definition);
  return {
    kinds: hidden.length > 0 ? ['hidden-text'] : [],
    reasons: hidden.map(hiddenReason),
    warnings: [...instructionsIn(definition).found.slice(0, 5).map(instructionReason), ...farOff(definition)],
  };
}

/** Judges a definition against the trusted one. */
export function judgeChange(before: JsonObject, after: JsonObject, server: string): Judgement {
  const kinds = new Set<ChangeKind>();
  const reasons: string[] = [];
  const add = (kind: ChangeKind, found: readonly string[]): void => {
    if (found.length === 0) return;
    kinds.add(kind);
    reasons.push(...found.slice(0, 10));
  };
  add('hidden-text', hiddenText(after).map(hiddenReason));
  const pushed = new Set(farOff(before));
  add(
    'hidden-text',
    farOff(after).filter((reason) => !pushed.has(reason)),
  );
  add('lowers-risk', loweredRisk(before, after, server));
  add('adds-instructions', addedInstructions(before, after));
  const schema = (definition: JsonObject) =>
    Object.hasOwn(definition, 'inputSchema') ? definition.inputSchema : undefined;
  const added = addedArguments(schema(before), schema(after));
  if (added) {
    const { names, required, opened, remote, beyond } = added;
    add('adds-arguments', [
      ...(names.length > 0 ? [`It takes arguments it did not take before: ${list(names)}.`] : []),
      ...(required.length > 0
        ? [`Arguments that could be left out must be given now: ${list(required)}.`]
        : []),
      ...(opened.length > 0
        ? [
            `It takes anything where it took named arguments only: ${list(opened.map((at) => at || 'the arguments'))}.`,
          ]
        : []),
      ...(remote.length > 0 ? [`Its arguments are described in another document: ${list(remote)}.`] : []),
      ...(beyond ? ['Its arguments are too many to be compared as a whole, and they changed.'] : []),
    ]);
  }
  return { kinds: [...kinds], reasons };
}

function addedInstructions(before: JsonObject, after: JsonObject): string[] {
  const old = instructionsIn(before);
  const now = instructionsIn(after);
  const had = new Set(old.found.map(({ meaning, words }) => `${meaning} ${words}`));
  const reasons = now.found
    .filter(({ meaning, words }) => !had.has(`${meaning} ${words}`))
    .map(instructionReason);
  if (now.cut || leavesOf(after).cut)
    reasons.push('It is too large to be compared as a whole, and it changed.');
  return reasons;
}

function instructionReason({ meaning, words, path }: Instruction): string {
  return `${path || 'It'} ${meaning}: "${words}".`;
}

function hiddenReason({ path, characters, count }: HiddenText): string {
  const what = count === 1 ? 'a hidden character' : `${count} hidden characters`;
  return `${path} holds ${what} (${characters.join(', ')}).`;
}

/** Text pushed out of sight by white space. Real tools have at most a few dozen blanks in a row, before code. */
function farOff(definition: JsonObject): string[] {
  const found: string[] = [];
  eachText(definition, (text, path) => {
    if (found.length >= 5) return;
    for (const { 0: run, index } of text.matchAll(/\s{12,}/g)) {
      if (index + run.length === text.length) continue;
      const lines = run.split('\n');
      if (lines.length <= 12 && !lines.some((line) => line.length >= 80)) continue;
      found.push(`${path()} pushes text out of sight with white space.`);
      break;
    }
  });
  return found;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => (name.length > 80 ? `${name.slice(0, 80)}…` : name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
