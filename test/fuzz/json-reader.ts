/** What a JSON text holds, with nothing decided yet: members in their order, also those that are there twice. */
export type Node =
  | { readonly is: 'object'; readonly members: [string, Node][] }
  | { readonly is: 'array'; readonly items: Node[] }
  | { readonly is: 'string'; readonly text: string }
  | { readonly is: 'number'; readonly literal: string }
  | { readonly is: 'word'; readonly value: boolean | null };

/**
 * Reads JSON texts that follow one another, as a stream decoder does. Written for the tests and from the grammar only: it
 * shares nothing with the codec. `lenient` also takes what JSON5, hjson and sloppy C parsers take: comments, trailing
 * commas, single quotes, bare keys, NaN, signs, hexadecimal numbers, leading zeros, odd white space, unknown escapes.
 * @throws SyntaxError
 */
export function readAll(text: string, lenient: boolean): Node[] {
  const reader = new Reader(text, lenient);
  const found: Node[] = [];
  for (reader.space(); !reader.over; reader.space()) found.push(reader.value());
  return found;
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const STRICT_NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LENIENT_NUMBER = /[+-]?(?:0[xX][\da-fA-F]+|Infinity|NaN|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const STRICT_SPACE = /[ \t\r\n]*/y;
const LENIENT_SPACE = /(?:[\s\ufeff]|\/\/[^\r\n]*|#[^\r\n]*|\/\*[\s\S]*?\*\/)*/y;
const BARE = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;

class Reader {
  readonly #text: string;
  readonly #lenient: boolean;
  #at = 0;

  constructor(text: string, lenient: boolean) {
    this.#text = text;
    this.#lenient = lenient;
  }

  get over(): boolean {
    return this.#at >= this.#text.length;
  }

  space(): void {
    this.#match(this.#lenient ? LENIENT_SPACE : STRICT_SPACE);
  }

  value(): Node {
    const next = this.#text[this.#at];
    if (next === '{') return this.#object();
    if (next === '[') return { is: 'array', items: this.#list(']', () => this.value()) };
    if (next === '"' || (this.#lenient && next === "'")) return { is: 'string', text: this.#string() };
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return { is: 'word', value };
    }
    const literal = this.#match(this.#lenient ? LENIENT_NUMBER : STRICT_NUMBER);
    if (!literal) throw new SyntaxError(`not a value at ${this.#at}`);
    return { is: 'number', literal };
  }

  #object(): Node {
    const members = this.#list('}', (): [string, Node] => {
      const key = this.#key();
      this.space();
      this.#expect(':');
      this.space();
      return [key, this.value()];
    });
    return { is: 'object', members };
  }

  #list<T>(close: string, item: () => T): T[] {
    this.#at++;
    const items: T[] = [];
    for (;;) {
      this.space();
      if (this.#text[this.#at] === close && (items.length === 0 || this.#lenient)) break;
      items.push(item());
      this.space();
      if (this.#text[this.#at] === close) break;
      this.#expect(',');
      this.space();
      if (this.#text[this.#at] === close && !this.#lenient)
        throw new SyntaxError(`a comma too many at ${this.#at}`);
    }
    this.#at++;
    return items;
  }

  #key(): string {
    const next = this.#text[this.#at];
    if (next === '"' || (this.#lenient && next === "'")) return this.#string();
    const bare = this.#lenient ? this.#match(BARE) : '';
    if (!bare) throw new SyntaxError(`not a key at ${this.#at}`);
    return bare;
  }

  #string(): string {
    const quote = this.#text[this.#at++];
    let value = '';
    for (;;) {
      const next = this.#text[this.#at++];
      if (next === undefined) throw new SyntaxError('a string without end');
      if (next === quote) return value;
      if (next === '\\') value += this.#escape();
      else if (next < ' ' && !this.#lenient) throw new SyntaxError(`a control character at ${this.#at}`);
      else value += next;
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    const digits = letter === 'u' ? 4 : letter === 'x' && this.#lenient ? 2 : 0;
    if (digits > 0) {
      const code = this.#text.slice(this.#at, this.#at + digits);
      if (!/^[\da-fA-F]+$/.test(code) || code.length < digits)
        throw new SyntaxError(`an escape at ${this.#at}`);
      this.#at += digits;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    const known = ESCAPES[letter];
    if (known !== undefined) return known;
    if (!this.#lenient) throw new SyntaxError(`an escape at ${this.#at}`);
    return letter === '\n' ? '' : letter === '0' ? '\0' : letter;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new SyntaxError(`${character} is missing at ${this.#at}`);
    this.#at++;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}
