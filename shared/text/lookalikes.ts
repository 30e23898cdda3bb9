/** A code that is put behind a visible character, at an offset of the text. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/** Letters and digits of other blocks that are drawn as plain ones: full width, and the mathematical alphabets. */
const DRAWN_PLAIN = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u{1d400}-\u{1d7ff}]/gu;
/** A run of letters (with their accents) of any scripts. */
const WORD = /[\p{L}\p{M}]+/gu;
const LATIN = /\p{Script=Latin}/u;
/** Scripts with letters that are drawn as Latin ones. */
const OTHER = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const OTHERS = new RegExp(OTHER.source, 'gu');
/** Words of these letters alone can be read as Latin ones. */
const TWINS = /^[асеорхуіјѕһԁӏԛԝгѵьАВСЕНІЈКМОРЅТХУҮԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ]+$/u;
/** What joins the parts of an address, a path or an identifier. */
const JOINED_BEFORE = /[a-z0-9][._@/:-]$/i;
const JOINED_AFTER = /^[._@/:-][a-z0-9]/i;
/** The part of an address that names the machine, with a user before and a port behind it. */
const AUTHORITY = /:\/\/([^\s/?#"'<>\\]+)/gu;
const PLAIN = /^[\0-\x7f]*$/;

/**
 * Marks for what passes for something else although every character of it is visible: Cyrillic or Greek letters in a
 * Latin word, or in a word that stands where Latin ones do; letters drawn as plain ones; and hosts of addresses that
 * are understood as another name than the one written, with that name (`xn--…`, `127.0.0.1`).
 * In the order of their offsets.
 */
export function marksIn(source: string): Mark[] {
  const marks: Mark[] = [];
  const mark = (at: number, character: string): void => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    marks.push({ at, text: `U+${code}` });
  };
  if (!PLAIN.test(source)) {
    for (const { 0: character, index } of source.matchAll(DRAWN_PLAIN))
      mark(index + character.length, character);
    for (const { 0: word, index } of source.matchAll(WORD)) {
      if (!OTHER.test(word) || !(LATIN.test(word) || isTwin(source, index, word))) continue;
      for (const odd of word.matchAll(OTHERS)) mark(index + odd.index + odd[0].length, odd[0]);
    }
  }
  if (source.includes('://'))
    for (const { 0: whole, 1: authority = '', index } of source.matchAll(AUTHORITY)) {
      const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
      const meant = hostOf(host);
      if (meant !== undefined && meant !== host.toLowerCase()) {
        const at = index + whole.length - authority.length + authority.lastIndexOf('@') + 1 + host.length;
        marks.push({ at, text: `= ${meant}` });
      }
    }
  return marks.sort((a, b) => a.at - b.at);
}

function isTwin(source: string, index: number, word: string): boolean {
  return (
    TWINS.test(word) &&
    (JOINED_BEFORE.test(source.slice(Math.max(0, index - 2), index)) ||
      JOINED_AFTER.test(source.slice(index + word.length, index + word.length + 2)))
  );
}

/** The host as it is looked up; undefined when it is none. A name has at most 253 characters; encoded, they take more. */
function hostOf(host: string): string | undefined {
  if (host.length > 2000) return undefined;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}
