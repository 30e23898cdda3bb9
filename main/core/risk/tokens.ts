import { VERBS } from './words.ts';

/** Words of an identifier: `deleteFile`, `delete_file`, `HTTPRequest2` → delete file, http request2. Lower case. */
export function nameTokens(name: string): string[] {
  return (
    name
      .slice(0, 300)
      // Invisible characters part no words: `de\u200Blete` is delete.
      .replaceAll(/\p{Cf}/gu, '')
      .normalize('NFKC')
      .slice(0, 300)
      .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
      .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{L}\p{N}\p{M}]+/u)
      .filter((token) => token !== '')
  );
}

/** Verbs so telling that they are looked for in `deleteuser` too, and endings that make another word of them. */
const GLUED =
  /^(delete|remove|destroy|create|update|insert|execute|purchase|withdraw|terminate|uninstall|revoke)(\p{L}{3,})$/u;
const OTHER_WORD = /^(ions?|ing|able|ment|tion|tive|tor|rs?|ly|mentary|sion|ability|al|als|d\w?|st)$/;

/**
 * A name without the words of its server and of the protocol, unless nothing would be left: `asana_get_task` of
 * `mcp-server-asana`, `mcp__acme__delete_user`.
 */
export function ownTokens(name: string, server: string | undefined): string[] {
  const tokens = nameTokens(name).flatMap((token) => {
    const [, verb, rest] = VERBS.has(token) ? [] : (GLUED.exec(token) ?? []);
    return verb !== undefined && rest !== undefined && !OTHER_WORD.test(rest) ? [verb, rest] : [token];
  });
  const others = new Set(server === undefined ? ['mcp'] : ['mcp', ...nameTokens(server)]);
  let start = 0;
  while (start < tokens.length - 1 && others.has(tokens[start] as string)) start++;
  return tokens.slice(start);
}

/** Words of a sentence, lower case, with their separators kept as `,`. */
export function sentenceTokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*|[,/&]/gu) ?? [];
}

/** The first sentence, at most 300 characters. */
export function firstSentence(text: string): string {
  const end = /[.!?](\s|$)|\n/.exec(text);
  return text.slice(0, Math.min(end?.index ?? text.length, 300));
}

/** The sentences of a text, at most 30. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/[.!?;](?=\s|$)|\n/, 30)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
