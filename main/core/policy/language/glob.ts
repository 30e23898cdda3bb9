/**
 * Patterns with `*` (any characters, none included); everything else stands for itself, upper and lower case differ.
 * Time is at most linear in pattern × text, never exponential.
 */
export function globMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    // The star comes first: a literal `*` in the text must not swallow the pattern's own.
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

export function isGlob(key: string): boolean {
  return key.includes('*');
}

/** Characters of a pattern that are not `*`: the more, the more exact it is. */
export function literalLength(pattern: string): number {
  return pattern.length - pattern.split('*').length + 1;
}
