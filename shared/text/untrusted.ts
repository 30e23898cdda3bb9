import { marksIn } from './lookalikes.ts';

/**
 * Text from servers and agents, made safe to look at: every character that is invisible, that reorders others, that moves
 * a terminal's cursor, or that passes for a path or address sign becomes a visible code such as U+202E. The result is
 * plain text; nothing is cut and nothing is dropped. See the threat "prompt spoofing" in SECURITY.md.
 */
export interface Piece {
  /** `chip`: stands in the place of the source. `mark`: follows something visible that passes for something else. */
  readonly kind: 'text' | 'chip' | 'mark';
  readonly text: string;
  /** What it stands for in the source, as offsets; empty for a mark. */
  readonly from: number;
  readonly to: number;
}

export interface UntrustedOptions {
  /** Line breaks stay line breaks (arguments), instead of being shown as a code (names). */
  readonly multiline: boolean;
}

/** Control, format, private, unassigned, lone surrogates; separators; every space but the plain one; variation selectors; fillers that are blank. */
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\p{Variation_Selector}]|(?! )\p{Zs}|\u034f|[\u115f\u1160\u2800\u3164\uffa0]|\u17b4|\u17b5/u;
/** Signs that look like / . : # @ in an address. */
const LOOKALIKE = /[\u2044\u2215\u2571\u29f8\uff0f\u2024\ufe52\uff0e\u2236\ua789\uff03\uff20]/u;
/**
 * More of the same than this in a row are counted instead of shown one by one: spaces elsewhere than at the start of a
 * line, and characters shown as codes.
 */
const MANY = 16;
const TOKENS = new RegExp(
  `(${HIDDEN.source})\\1{${MANY},}|(${HIDDEN.source})|(${LOOKALIKE.source})|( {${MANY + 1},})`,
  'gu',
);

/** `U+202E`; at least four digits. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits text into what is shown as it is and what is shown as a code. */
export function piecesOf(source: string, { multiline }: UntrustedOptions): Piece[] {
  const pieces: Piece[] = [];
  const marks = marksIn(source);
  let nextMark = 0;
  let from = 0;
  const text = (to: number): void => {
    if (to > from) pieces.push({ kind: 'text', text: source.slice(from, to), from, to });
    from = Math.max(from, to);
  };
  /** The plain text up to `end`, and the marks within it and right behind it. */
  const plainTo = (end: number): void => {
    for (let mark = marks[nextMark]; mark && mark.at <= end; mark = marks[++nextMark]) {
      text(mark.at);
      pieces.push({ kind: 'mark', text: mark.text, from: mark.at, to: mark.at });
    }
    text(end);
  };
  for (const match of source.matchAll(TOKENS)) {
    const [whole, many, one, lookalike, spaces] = match;
    const at = match.index;
    const to = at + whole.length;
    const hidden = many ?? one;
    if (hidden === '\n' && multiline) continue;
    if (spaces && multiline && isIndent(source, at)) continue;
    plainTo(at);
    if (lookalike) {
      text(to);
      pieces.push({ kind: 'mark', text: codePoint(lookalike), from: to, to });
      continue;
    }
    const times = whole.length / (hidden ?? ' ').length;
    const code = hidden ? codePoint(hidden) : 'U+0020';
    pieces.push({ kind: 'chip', text: times > 1 ? `${code} × ${times}` : code, from: at, to });
    from = to;
  }
  plainTo(source.length);
  return pieces;
}

/** The same as one plain string, for menus, notifications and tests. */
export function visibleText(source: string, options: UntrustedOptions = { multiline: false }): string {
  return piecesOf(source, options)
    .map((piece) => piece.text)
    .join('');
}

/** JSON text that means the same, with every hidden character in its strings written as \uXXXX. For fields to type in. */
export function escapedJson(json: string): string {
  return json.replace(new RegExp(HIDDEN.source, 'gu'), (hidden) =>
    /[\n\r\t]/.test(hidden)
      ? hidden
      : hidden
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}

/** The indentation of JSON is at most two spaces a level, and the gateway parses at most 100 levels. */
function isIndent(source: string, at: number): boolean {
  if (at > 0 && source[at - 1] !== '\n') return false;
  const rest = source.slice(at).search(/[^ ]/);
  return rest !== -1 && rest <= 200;
}
