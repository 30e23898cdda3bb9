import { ScanError } from './scan-error.ts';

/** Bytes that end the fast run through a string: the quote, the backslash and control characters. */
const STOPS = new Uint8Array(256);
for (let byte = 0; byte < 0x20; byte++) STOPS[byte] = 1;
STOPS[0x22] = 1;
STOPS[0x5c] = 1;

/** Letters that stand after a backslash, but for u. */
const ESCAPES = new Uint8Array(256);
for (const letter of Buffer.from('"\\/bfnrt')) ESCAPES[letter] = 1;
/** The value of a hexadecimal digit, and 16 for every other byte. */
const HEX = new Uint8Array(256).fill(16);
for (const [value, digit] of [...'0123456789abcdef'].entries())
  for (const each of [digit, digit.toUpperCase()]) HEX[each.charCodeAt(0)] = value;

/**
 * Objects, arrays and scalars in one message of a client. What is judged takes time with each of them, on the one thread that
 * serves all clients: this many take a fraction of a second.
 */
export const MAX_VALUES = 100_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads the tokens of JSON (RFC 8259) from bytes that are known to be valid UTF-8: strings, numbers, words, and the white
 * space between them. Everything it passes is validated, also what is only skipped.
 */
export class Tokens {
  readonly bytes: Buffer;
  readonly end: number;
  /** A client sent it: escapes of lone surrogates are refused, and at most {@link MAX_VALUES} values taken. */
  readonly fromClient: boolean;
  /** The next byte to read. */
  at: number;
  /** How many more values (objects, arrays and scalars) may be passed or read; see {@link MAX_VALUES}. */
  valuesLeft: number;
  /** Of the string passed last: whether it holds escapes, or bytes beyond ASCII. */
  #escaped = false;
  #wide = false;

  constructor(bytes: Buffer, start = 0, end = bytes.length, fromClient = false) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.fromClient = fromClient;
    this.valuesLeft = fromClient ? MAX_VALUES : Number.POSITIVE_INFINITY;
  }

  fail(what: string, at = this.at): never {
    throw new ScanError(what, at);
  }

  /** Counts a value that begins here. */
  countValue(): void {
    if (--this.valuesLeft < 0) this.fail(`This holds more than ${MAX_VALUES} values`);
  }

  /** Passes white space and gives the byte after it; -1 at the end. */
  peek(): number {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) {
        this.at = at;
        return byte;
      }
      at++;
    }
    this.at = at;
    return -1;
  }

  expect(byte: number): void {
    if (this.peek() !== byte) this.fail(`${JSON.stringify(String.fromCharCode(byte))} is missing`);
    this.at++;
  }

  /** Nothing but white space may be left. */
  expectEnd(): void {
    if (this.peek() !== -1) this.fail('There is something after the end of the message');
  }

  /** Passes the string that begins here and validates it. */
  skipString(): void {
    const { bytes, end } = this;
    let at = this.at + 1;
    let all = 0;
    this.#escaped = false;
    for (;;) {
      const long = at + LONG_RUN;
      while (at < end && STOPS[bytes[at] as number] === 0) {
        all |= bytes[at++] as number;
        if (at !== long) continue;
        const words = plainWords(bytes, at, end);
        at = words.at;
        all |= words.all;
      }
      if (at >= end) this.fail('A string does not end', at);
      const byte = bytes[at] as number;
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) this.fail('A string holds a control character', at);
      this.#escaped = true;
      at = this.#skipEscape(at);
    }
    this.#wide = all > 0x7f;
    this.at = at + 1;
  }

  #skipEscape(at: number): number {
    const letter = this.bytes[at + 1];
    if (letter !== 0x75) {
      if (letter === undefined || ESCAPES[letter] === 0 || at + 1 >= this.end) {
        this.fail('A string holds an escape that is not known', at);
      }
      return at + 2;
    }
    const unit = this.#hex(at);
    if (!this.fromClient || (unit & 0xf800) !== 0xd800) return at + 6;
    const low = unit < 0xdc00 && this.bytes[at + 6] === BACKSLASH && this.bytes[at + 7] === 0x75;
    if (!low || (this.#hex(at + 6) & 0xfc00) !== 0xdc00) {
      this.fail('A string holds half a surrogate pair', at);
    }
    return at + 12;
  }

  #hex(at: number): number {
    let unit = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = i < this.end ? (HEX[this.bytes[i] as number] as number) : 16;
      if (digit > 15) this.fail('A \\u escape needs four hexadecimal digits', at);
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** Reads the string that begins here. */
  string(): string {
    const start = this.at;
    this.skipString();
    return this.#escaped ? this.#unescaped(start) : this.#text(start + 1, this.at - 1);
  }

  /** Passes the string that begins here; true when its own bytes are the JSON text that JSON.stringify gives for it. */
  skipPlain(): boolean {
    this.skipString();
    return !this.#escaped;
  }

  /** Reads the string that begins here as the JSON text that JSON.stringify gives for it. */
  stringText(): string {
    const start = this.at;
    this.skipString();
    return this.passedText(start);
  }

  /** The same of the string that was just passed and began at `start`. */
  passedText(start: number): string {
    return this.#escaped ? JSON.stringify(this.#unescaped(start)) : this.#text(start, this.at);
  }

  #unescaped(start: number): string {
    return JSON.parse(this.bytes.toString('utf8', start, this.at)) as string;
  }

  /** Text of the string passed last. */
  #text(start: number, end: number): string {
    return this.bytes.toString(this.#wide ? 'utf8' : 'latin1', start, end);
  }

  /** Passes the number that begins here; gives its value when it is a short integer, else undefined. */
  skipNumber(): number | undefined {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    if (bytes[at] === 0x2d) at++;
    const first = at;
    at = this.#digits(at);
    if (bytes[first] === 0x30 && at > first + 1) this.fail('A number begins with 0', first);
    const whole = at;
    if (at < this.end && bytes[at] === 0x2e) at = this.#digits(at + 1);
    if (at < this.end && ((bytes[at] as number) | 0x20) === 0x65) {
      at++;
      if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
      at = this.#digits(at);
    }
    this.at = at;
    if (at !== whole || whole - first > 15) return undefined;
    for (let i = first; i < whole; i++) value = value * 10 + (bytes[i] as number) - 0x30;
    return first === start ? value : -value;
  }

  #digits(from: number): number {
    let at = from;
    while (at < this.end && (this.bytes[at] as number) >= 0x30 && (this.bytes[at] as number) <= 0x39) at++;
    if (at === from) this.fail('A number is not valid', at);
    return at;
  }

  /** Reads the number that begins here; infinite when it is beyond a double. */
  number(): number {
    const start = this.at;
    return this.skipNumber() ?? Number(this.bytes.toString('latin1', start, this.at));
  }

  /** Passes `true`, `false` or `null`. */
  word(): boolean | null {
    const first = this.bytes[this.at];
    const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null';
    const text = this.bytes.toString('latin1', this.at, Math.min(this.at + word.length, this.end));
    if (text !== word) this.fail('This is not a JSON value');
    this.at += word.length;
    return word === 'null' ? null : word === 'true';
  }
}

/** A run of a string that is longer than this is likely to be much longer. */
const LONG_RUN = 64;

const HIGH = 0x80808080 | 0;

/**
 * Passes plain bytes of a string four at a time, which is what makes a megabyte of text cheap. Ends at or before the first
 * byte that is not plain: a control character, a quote or a backslash.
 */
function plainWords(bytes: Buffer, from: number, end: number): { at: number; all: number } {
  const start = from + (-(bytes.byteOffset + from) & 3);
  const count = (end - start) >> 2;
  if (count < 1) return { at: from, all: 0 };
  let all = 0;
  // The bytes before the first whole word.
  for (let at = from; at < start; at++) {
    if (STOPS[bytes[at] as number] !== 0) return { at, all };
    all |= bytes[at] as number;
  }
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, count);
  let at = 0;
  let wide = 0;
  for (; at < count; at++) {
    const word = words[at] as number;
    const quote = word ^ 0x22222222;
    const slash = word ^ 0x5c5c5c5c;
    // Each term has the high bit of a byte set when that byte is below 0x20, a quote, or a backslash.
    const stops =
      ((word - 0x20202020) & ~word) | ((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash);
    if ((stops & HIGH) !== 0) break;
    wide |= word;
  }
  return { at: start + at * 4, all: all | ((wide & HIGH) === 0 ? 0 : 0x80) };
}
