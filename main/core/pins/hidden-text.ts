import { codePoint } from '../../../shared/text/untrusted.ts';
import type { Json } from '../codec/types.ts';
import { eachText } from './walk.ts';

/**
 * What no eye sees: Unicode's own list of ignorable characters (zero-width, bidi, tags, variation selectors, fillers),
 * controls other than tab and line breaks, private use, halves of a pair, annotation marks, the blank Braille pattern.
 */
const SUSPECT = /[\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}\ufff9-\ufffb\u2800]|(?![\t\n\r])\p{Cc}/u;
const SUSPECTS = new RegExp(SUSPECT.source, 'gu');

const SELECTOR = /^[\ufe0e\ufe0f]$/u;
const JOINER = '\u200d';
const NON_JOINER = '\u200c';
/** A picture, or what begins one: digits and signs with a keycap, two letters of a flag. */
const EMOJI_END = /(\p{Extended_Pictographic}|\p{Emoji_Modifier}|[0-9#*]|\p{Regional_Indicator})\ufe0f?$/u;
const EMOJI_START = /^\p{Extended_Pictographic}/u;
/** Scripts whose words are written with joiners. */
const JOINED_END =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Mongolian}\p{Script=Khmer}]\p{M}*$/u;

export interface HiddenText {
  readonly path: string;
  /** `U+202E`, each once, at most five. */
  readonly characters: readonly string[];
  readonly count: number;
}

/**
 * Characters in any string or key of a definition that a person cannot see and a model reads (docs/design/security.md).
 * Joiners and selectors inside emoji, and joiners in scripts that are written with them, are not hidden.
 * @returns one entry for each place, at most ten
 */
export function hiddenText(definition: Json): HiddenText[] {
  const places: HiddenText[] = [];
  eachText(definition, (text, path) => {
    if (places.length >= 10 || !SUSPECT.test(text)) return;
    const characters = new Set<string>();
    let count = 0;
    for (const match of text.matchAll(SUSPECTS)) {
      if (belongs(text, match.index, match[0])) continue;
      count++;
      if (characters.size < 5) characters.add(codePoint(match[0]));
    }
    if (count > 0) places.push({ path: path(), characters: [...characters], count });
  });
  return places;
}

/** Whether there is any; cheaper than to list them. */
export function hidesText(definition: Json): boolean {
  return hiddenText(definition).length > 0;
}

function belongs(text: string, at: number, character: string): boolean {
  const before = text.slice(Math.max(0, at - 8), at);
  if (SELECTOR.test(character)) return EMOJI_END.test(before) && !/[\ufe0e\ufe0f]$/.test(before);
  if (character !== JOINER && character !== NON_JOINER) return false;
  const after = text.slice(at + 1, at + 9);
  if (character === JOINER && EMOJI_END.test(before) && EMOJI_START.test(after)) return true;
  return JOINED_END.test(before) && /^\p{L}/u.test(after);
}
