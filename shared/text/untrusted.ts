/**
 * Text from servers and agents, made safe to look at: every character that is invisible, that reorders others, that moves
 * a terminal's cursor, or that passes for a path or address sign becomes a visible code such as U+202E. The result is
 * plain text; nothing is cut and nothing is dropped. See the threat "prompt spoofing" in SECURITY.md.
 */
export interface Piece {
  /** `chip`: stands in the place of `source`. `mark`: follows a visible character that passes for another one. */
  readonly kind: 'text' | 'chip' | 'mark';
  readonly text: string;
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
/** More spaces than this in a row, elsewhere than at the start of a line, are counted instead of shown. */
const MANY_SPACES = 16;
const TOKENS = new RegExp(`(${HIDDEN.source})|(${LOOKALIKE.source})|( {${MANY_SPACES + 1},})`, 'gu');

/** `U+202E`; at least four digits. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits text into what is shown as it is and what is shown as a code. */
export function piecesOf(source: string, { multiline }: UntrustedOptions): Piece[] {
  const pieces: Piece[] = [];
  let plainFrom = 0;
  const plainTo = (end: number): void => {
    if (end > plainFrom) pieces.push({ kind: 'text', text: source.slice(plainFrom, end) });
  };
  for (const match of source.matchAll(TOKENS)) {
    const [whole, hidden, lookalike, spaces] = match;
    const at = match.index;
    if (hidden === '\n' && multiline) continue;
    if (spaces && multiline && isIndent(source, at)) continue;
    plainTo(at);
    plainFrom = at + whole.length;
    if (hidden) pieces.push({ kind: 'chip', text: codePoint(hidden) });
    else if (lookalike) {
      pieces.push({ kind: 'text', text: lookalike });
      pieces.push({ kind: 'mark', text: codePoint(lookalike) });
    } else pieces.push({ kind: 'chip', text: `U+0020 × ${whole.length}` });
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

/** The indentation of JSON is at most two spaces a level, and the gateway parses at most 100 levels. */
function isIndent(source: string, at: number): boolean {
  if (at > 0 && source[at - 1] !== '\n') return false;
  const rest = source.slice(at).search(/[^ ]/);
  return rest !== -1 && rest <= 200;
}
