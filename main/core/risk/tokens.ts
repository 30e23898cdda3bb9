/** Words of an identifier: `deleteFile`, `delete_file`, `HTTPRequest2` → delete file, http request 2. Lower case. */
export function nameTokens(name: string): string[] {
  return name
    .normalize('NFKC')
    .slice(0, 300)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
}

/** A name without the words of its server, unless nothing would be left: `asana_get_task` of `mcp-server-asana`. */
export function ownTokens(name: string, server: string | undefined): string[] {
  const tokens = nameTokens(name);
  const others = new Set(server === undefined ? [] : nameTokens(server));
  let start = 0;
  while (start < tokens.length - 1 && others.has(tokens[start] as string)) start++;
  return tokens.slice(start);
}

/** Words of a sentence, lower case, with their separators kept as `,`. */
export function sentenceTokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'-]*|[,/&]/gu) ?? [];
}

/** The first sentence, at most 300 characters. */
export function firstSentence(text: string): string {
  const end = /[.!?](\s|$)|\n/.exec(text);
  return text.slice(0, Math.min(end?.index ?? text.length, 300));
}
