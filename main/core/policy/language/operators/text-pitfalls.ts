/** A pattern that may match anywhere, where it should describe the whole text. */
export function regexOpen(pattern: string): string | undefined {
  const flags = /^\(\?[a-z]+\)/.exec(pattern)?.[0] ?? '';
  const rest = pattern.slice(flags.length);
  return /^(\^|\\A)/.test(rest) && /(\$|\\z)$/.test(rest)
    ? undefined
    : 'This pattern may match anywhere in the text. Begin it with ^ and end it with $ to require the whole.';
}

/** Values of `regex` that are understood, and hardly mean what was meant. */
export function regexPitfalls(value: string): string[] {
  const warnings: string[] = [];
  if (/^\/(\^.*|.*\$)\/[a-z]*$/s.test(value))
    warnings.push(
      'The slashes around this pattern are part of it, so it fits nothing. Leave them out; (?i) at the beginning ignores case.',
    );
  if (/^[^\s/]*:\/\/[^/]*\.[*+]/.test(value.replaceAll('\\/', '/')))
    warnings.push(
      'Here .* and .+ also fit slashes, so another host may stand before. Write [^/]* for the part of the host.',
    );
  return warnings;
}

/** The same of `starts_with`. */
export function prefixPitfalls(value: string): string[] {
  return /^https?:\/\/[^/]+$/i.test(value)
    ? [`This also fits ${value}.example.com. End it with a slash: "${value}/".`]
    : [];
}

/** The same of `glob`. */
export function globPitfalls(value: string): string[] {
  const warnings: string[] = [];
  if (/^[^\s/]+:\/\/[^/]*[^/*]\*$/.test(value))
    warnings.push(
      `This also fits ${value.slice(0, -1)}.example.com. Write a slash before the last *: "${value.slice(0, -1)}/*".`,
    );
  if (/^[a-z][\w.-]* \*$/.test(value))
    warnings.push('This fits every subcommand and option of that command, some of which run other programs.');
  return warnings;
}
