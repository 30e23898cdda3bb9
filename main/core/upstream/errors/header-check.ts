const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** What may not stand in a value (RFC 9110, 5.5). */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/u;

/** White space around a value means nothing; secrets come with a line end after them. As fetch does it. */
export function trimmedHeader(value: string): string {
  return value.replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, '');
}

/** Why a header cannot be sent, as a sentence without its value; undefined when it can. */
export function headerFault(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return `${JSON.stringify(name)} cannot be the name of a header.`;
  const found = FORBIDDEN.exec(trimmedHeader(value));
  if (!found) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const what =
    code === '000A' || code === '000D' ? 'a line break' : `a character that no header may have (U+${code})`;
  return `The value of the header ${name} holds ${what}, at character ${found.index + 1}. Enter it again.`;
}
