/** What a piece of raw JSON text is. `cut`: a string that the end of the text cuts off. */
export type TokenKind = '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'word' | 'cut';

/**
 * Walks raw JSON text token by token without building values, so that numbers and everything else keep the characters
 * they were sent with. It does not check grammar: text that is not JSON gives `word` tokens rather than an error.
 */
export class JsonTokens {
  readonly text: string;
  kind: TokenKind = 'word';
  /** The token is `text.slice(start, end)`. */
  start = 0;
  end = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Moves to the next token; false at the end of the text. */
  next(): boolean {
    const { text } = this;
    let at = this.end;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) return false;
    this.start = at;
    const char = text[at] as string;
    if (char === '"') {
      this.end = stringEnd(text, at);
      this.kind = this.end > at ? 'string' : 'cut';
      if (this.kind === 'cut') this.end = text.length;
    } else if ('{}[]:,'.includes(char)) {
      this.kind = char as TokenKind;
      this.end = at + 1;
    } else {
      do at++;
      while (at < text.length && !isSpace(text.charCodeAt(at)) && !'{}[]:,"'.includes(text[at] as string));
      this.kind = 'word';
      this.end = at;
    }
    return true;
  }

  /** The token's own characters. */
  raw(): string {
    return this.text.slice(this.start, this.end);
  }
}

/** The text of a string token, or undefined when its escapes are not JSON. */
export function decodeString(raw: string): string | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The position behind the closing quote of the string that begins at `start`; -1 when it has none. */
function stringEnd(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return -1;
    let slash = quote - 1;
    while (slash > start && text.charCodeAt(slash) === 0x5c) slash--;
    if ((quote - slash) % 2 === 1) return quote + 1;
    from = quote + 1;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
