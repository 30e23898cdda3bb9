import { moreSevere, type Signal } from './signal.ts';
import { sentenceTokens } from './tokens.ts';
import type { Judged } from './weigh.ts';
import { PARTICIPLES, VERB_FORMS } from './words.ts';

/** What a tool's annotations declare; whatever is not of the expected type is undefined. */
export interface Hints {
  readonly readOnly: boolean | undefined;
  readonly destructive: boolean | undefined;
  readonly openWorld: boolean | undefined;
  readonly title: string;
}

/** Reads the annotations of a definition (MCP: ToolAnnotations), which come from outside. */
export function hintsOf(annotations: unknown): Hints {
  const of = (key: string): unknown =>
    typeof annotations === 'object' && annotations !== null && Object.hasOwn(annotations, key)
      ? Reflect.get(annotations, key)
      : undefined;
  const flag = (key: string) => {
    const value = of(key);
    return typeof value === 'boolean' ? value : undefined;
  };
  const title = of('title');
  return {
    readOnly: flag('readOnlyHint'),
    destructive: flag('destructiveHint'),
    openWorld: flag('openWorldHint'),
    title: typeof title === 'string' ? title.slice(0, 300) : '',
  };
}

/** From here on a judgement rests on something clear, and not only on words with several meanings. */
const CLEAR = 0.8;

/**
 * Lets the annotations raise the judgement, and lower it only where the text agrees. `destructiveHint: true` says no more
 * than that something may be changed and not only added (MCP, ToolAnnotations), and is what a tool without the hint counts
 * as: where the text plainly says writing or running, it raises the severity and not the category.
 */
export function annotate(judged: Judged, hints: Hints, description: string, name: Signal | undefined): void {
  const { reasons, unclear } = judged;
  if (hints.readOnly === true) {
    if (judged.category === 'Read') {
      judged.confidence = Math.max(judged.confidence, judged.confidence < 0.6 ? 0.7 : 0.95);
      reasons.push('declared read-only, and its text agrees');
    } else if (
      saysReadOnly(description) &&
      judged.category !== 'Destructive' &&
      judged.category !== 'Financial' &&
      (name === undefined || name.weak || name.category === 'Read' || name.category === 'Execute')
    ) {
      judged.category = 'Read';
      judged.confidence = 0.6;
      reasons.push('declared read-only, and its description says so too');
    } else if (judged.confidence <= 0.3 && onlyNouns(description)) {
      judged.category = 'Read';
      judged.confidence = 0.5;
      reasons.splice(
        0,
        reasons.length,
        'declared read-only, and no word of its text says that it changes anything',
      );
      unclear.push('its text has no verb');
    } else {
      reasons.push('declared read-only, but its text does not bear that out');
      unclear.push('its annotations and its text do not agree');
    }
    return;
  }
  if (
    hints.destructive === true &&
    hints.readOnly === false &&
    moreSevere(judged.category, 'Destructive') !== judged.category
  ) {
    if (judged.category !== 'Read' && judged.confidence >= CLEAR) {
      judged.declaredDestructive = true;
      reasons.push('declared destructive, and its text says how: it changes what is there');
      return;
    }
    judged.category = 'Destructive';
    judged.confidence = 0.85;
    reasons.push('declared destructive');
  } else if (hints.readOnly === false && judged.category === 'Read') {
    judged.category = 'Write';
    judged.confidence = 0.6;
    reasons.push('declared to change things');
  } else if (hints.destructive === true && judged.category === 'Read') {
    judged.category = 'Destructive';
    judged.confidence = 0.5;
    reasons.push('declared destructive');
  }
}

/** Says of itself that it changes nothing; "not read-only" does not. */
function saysReadOnly(description: string): boolean {
  return (
    /\bread[- ]only\b|\bwithout (modifying|changing)\b|\bdoes not (modify|change)\b/i.test(description) &&
    !/\b(not|isn't|no longer|instead of|non-?) ?(a )?read[- ]only\b/i.test(description)
  );
}

/** "Directory tree of the workspace": English, and no verb in it that changes anything. */
function onlyNouns(description: string): boolean {
  const tokens = sentenceTokens(description.slice(0, 2000));
  return (
    tokens.length >= 3 &&
    tokens.every((token) => {
      const verb = VERB_FORMS.get(token);
      return (
        (verb === undefined || verb.category === 'Read') &&
        !PARTICIPLES.has(token) &&
        /^[\p{ASCII}’]+$/u.test(token)
      );
    })
  );
}
