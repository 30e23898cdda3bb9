/** The text that a JSON string stands for; what is no JSON string is given as it is. */
export function textOf(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : json;
  } catch {
    return json;
  }
}

/**
 * The part of a text that similar ones are likely to share, as JSON text: the folder of a path, the host of an address,
 * the first word of a command. The whole text when nothing divides it.
 */
export function suggestedBeginning(json: string): string {
  const text = textOf(json);
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^/]+\//i.exec(text);
  if (address) return JSON.stringify(address[0]);
  if (/^(?:~|\.{0,2}|[a-z]:)?[/\\]/i.test(text)) {
    const end = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'));
    // A rule for all of the disk is nothing to suggest.
    return JSON.stringify(end > 2 ? text.slice(0, end + 1) : text);
  }
  const word = /^\S+\s/.exec(text);
  return JSON.stringify(word ? word[0] : text);
}
