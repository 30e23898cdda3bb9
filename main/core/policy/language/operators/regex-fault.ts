const CONSTRUCTS: readonly (readonly [pattern: RegExp, what: string, instead: string])[] = [
  [/\(\?[=!]/, 'look-ahead', 'Say what may not be there in a condition of its own.'],
  [/\(\?<[=!]/, 'look-behind', 'Say what stands before in the pattern itself.'],
  [/\(\?>/, 'an atomic group', 'Write a plain group; patterns never run away here.'],
  [/(^|[^\\])(\\\\)*\\([1-9]|k[<{'])/, 'a back-reference', 'Write out what may repeat.'],
  [/[*+?}]\+/, 'a possessive quantifier', 'Leave out the second +; patterns never run away here.'],
  [/\(\?\(|\(\?R|\(\?\d|\(\?&/, 'a condition or recursion', 'Write it out.'],
  [/\(\?[a-z]*x[a-z]*\)/, 'the flag x', 'Write the pattern without spaces and comments.'],
  [/\\[ZG]/, String.raw`the anchor \Z or \G`, String.raw`Use $ or \z for the end of the text.`],
];

/** Which construct of a regular expression is not understood, and what to do about it. */
export function regexFault(pattern: string, error: string): { fault: string; suggestion: string | null } {
  for (const [construct, what, instead] of CONSTRUCTS)
    if (construct.test(pattern))
      return {
        fault: `it holds ${what}, which is not available: patterns run in linear time`,
        suggestion: instead,
      };
  const [, why = error, where = ''] = /^(?:error parsing regexp: )?([^`]*?):? ?(`.*`)?$/s.exec(error) ?? [];
  const at = where === '' ? '' : ` in ${where.replaceAll('`', '"')}`;
  if (/repeat count|too large/.test(why))
    return { fault: `it repeats more than 1000 times${at}`, suggestion: 'Repeat less often, or use * or +.' };
  if (/missing closing \)|unexpected \)/.test(why))
    return {
      fault: `a round bracket stands alone${at}`,
      suggestion: String.raw`Close it, or write \\( or \\) for the character.`,
    };
  if (/missing closing \]/.test(why))
    return {
      fault: `a square bracket stands alone${at}`,
      suggestion: String.raw`Close it, or write \\[ for the character.`,
    };
  if (/missing argument/.test(why))
    return {
      fault: `there is nothing to repeat${at}`,
      suggestion: 'Use .* for any characters, or the operator glob.',
    };
  if (/trailing backslash/.test(why))
    return { fault: 'it ends with a backslash', suggestion: String.raw`Write \\\\ for a backslash itself.` };
  if (/escape/.test(why))
    return {
      fault: `an escape is not known${at}`,
      suggestion: 'Write letters without a backslash.',
    };
  return { fault: `${why}${at}`, suggestion: null };
}
