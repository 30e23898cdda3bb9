import type { Json, JsonObject } from './types.ts';

/** What is wrong with a text and where; made into a CodecFault at the codec's edge. */
export class ScanError extends Error {
  /** Byte offset. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at byte ${at}`);
    this.name = 'ScanError';
    this.at = at;
  }
}

/** Bytes that end the fast run through a string: the quote, the backslash and control characters. */
const STOPS = new Uint8Array(256);
for (let byte = 0; byte < 0x20; byte++) STOPS[byte] = 1;
STOPS[0x22] = 1;
STOPS[0x5c] = 1;

/** Digits of a number in a call's arguments: far more than any double or decimal needs. */
const LONGEST_NUMBER = 4096;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads JSON (RFC 8259) from bytes that are known to be valid UTF-8. It validates everything it passes, even what it only
 * skips. `strict` adds what policy needs: no key twice in one object, also not in another case; no NUL in a key; no
 * number beyond a double. `pairs` refuses escapes of lone surrogates.
 */
export class Scanner {
  readonly bytes: Buffer;
  readonly end: number;
  readonly pairs: boolean;
  /** The next byte to read. */
  at: number;
  /** Of the string passed last: whether it holds escapes, or bytes beyond ASCII. */
  #escaped = false;
  #wide = false;

  constructor(bytes: Buffer, start = 0, end = bytes.length, pairs = false) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.pairs = pairs;
  }

  fail(what: string, at = this.at): never {
    throw new ScanError(what, at);
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

  /**
   * Goes through the members of the object that begins here; `member` must pass the value. Refuses a key of its own
   * accord only where `member` does.
   */
  members(member: (key: string, at: number) => void): void {
    this.expect(OPEN_OBJECT);
    if (this.peek() === CLOSE_OBJECT) {
      this.at++;
      return;
    }
    for (;;) {
      if (this.peek() !== QUOTE) this.fail('A key must be a string');
      const at = this.at;
      const key = this.string();
      this.expect(COLON);
      this.peek();
      member(key, at);
      const next = this.peek();
      this.at++;
      if (next === CLOSE_OBJECT) return;
      if (next !== COMMA) this.fail('"," or "}" is missing', this.at - 1);
    }
  }

  /** Goes through the elements of the array that begins here; `element` must pass the value. */
  elements(element: (index: number) => void): void {
    this.expect(OPEN_ARRAY);
    if (this.peek() === CLOSE_ARRAY) {
      this.at++;
      return;
    }
    for (let index = 0; ; index++) {
      this.peek();
      element(index);
      const next = this.peek();
      this.at++;
      if (next === CLOSE_ARRAY) return;
      if (next !== COMMA) this.fail('"," or "]" is missing', this.at - 1);
    }
  }

  /** Passes the string that begins here and validates it. */
  skipString(): void {
    const { bytes, end } = this;
    let at = this.at + 1;
    let all = 0;
    this.#escaped = false;
    for (;;) {
      while (at < end && STOPS[bytes[at] as number] === 0) all |= bytes[at++] as number;
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
      // " \ / b f n r t
      if (letter === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(letter)) || at + 1 >= this.end) {
        this.fail('A string holds an escape that is not known', at);
      }
      return at + 2;
    }
    const unit = this.#hex(at);
    if (!this.pairs || (unit & 0xf800) !== 0xd800) return at + 6;
    const low = unit < 0xdc00 && this.bytes[at + 6] === BACKSLASH && this.bytes[at + 7] === 0x75;
    if (!low || (this.#hex(at + 6) & 0xfc00) !== 0xdc00) {
      this.fail('A string holds half a surrogate pair', at);
    }
    return at + 12;
  }

  #hex(at: number): number {
    let unit = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const byte = i < this.end ? (this.bytes[i] as number) : 0;
      const digit =
        byte >= 0x30 && byte <= 0x39
          ? byte - 0x30
          : (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66
            ? (byte | 0x20) - 0x57
            : -1;
      if (digit < 0) this.fail('A \\u escape needs four hexadecimal digits', at);
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** Reads the string that begins here. */
  string(): string {
    const start = this.at;
    this.skipString();
    if (this.#escaped) return JSON.parse(this.bytes.toString('utf8', start, this.at)) as string;
    return this.#wide
      ? this.bytes.toString('utf8', start + 1, this.at - 1)
      : this.bytes.toString('latin1', start + 1, this.at - 1);
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

  /** Passes any value, validating its grammar. `room` is how many levels it may hold. Not recursive: any depth is passed. */
  skip(room = Number.POSITIVE_INFINITY): void {
    const open: number[] = [];
    for (;;) {
      const byte = this.peek();
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (open.length >= room) this.fail('This is nested too deeply');
        this.at++;
        const close = byte + 2;
        if (this.peek() !== close) {
          open.push(close);
          if (close === CLOSE_OBJECT) this.#skipKey();
          continue;
        }
        this.at++;
      } else this.#skipScalar(byte);
      for (;;) {
        const close = open.at(-1);
        if (close === undefined) return;
        const next = this.peek();
        this.at++;
        if (next === COMMA) {
          if (close === CLOSE_OBJECT) this.#skipKey();
          break;
        }
        if (next !== close) this.fail(`"," or "${String.fromCharCode(close)}" is missing`, this.at - 1);
        open.pop();
      }
    }
  }

  #skipKey(): void {
    if (this.peek() !== QUOTE) this.fail('A key must be a string');
    this.skipString();
    this.expect(COLON);
  }

  #skipScalar(byte: number): void {
    if (byte === QUOTE) this.skipString();
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.skipNumber();
    else if (byte === -1) this.fail('The message ends too early');
    else this.word();
  }

  /** Reads any value. Objects have null prototypes. `room` is how many levels it may hold. */
  value(room: number, strict: boolean): Json {
    const byte = this.peek();
    if (byte === QUOTE) return this.string();
    if (byte === OPEN_OBJECT) return this.object(room, strict);
    if (byte === OPEN_ARRAY) {
      if (room < 1) this.fail('This is nested too deeply');
      const list: Json[] = [];
      this.elements(() => {
        list.push(this.value(room - 1, strict));
      });
      return list;
    }
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      const at = this.at;
      const number = this.number();
      if (strict && !Number.isFinite(number)) this.fail('A number is beyond what a double holds', at);
      if (strict && this.at - at > LONGEST_NUMBER) this.fail('A number has too many digits', at);
      return number;
    }
    if (byte === -1) this.fail('The message ends too early');
    return this.word();
  }

  /** Reads the object that begins here. */
  object(room: number, strict: boolean): JsonObject {
    if (room < 1) this.fail('This is nested too deeply');
    const object: JsonObject = Object.create(null);
    let fold = false;
    this.members((key, at) => {
      if (strict) {
        if (key in object) this.fail(`The key ${JSON.stringify(key)} is there twice`, at);
        if (key.includes('\0')) this.fail('A key holds a NUL character', at);
        fold ||= foldable(key);
      }
      object[key] = this.value(room - 1, strict);
    });
    if (fold) refuseTwins(this, object);
    return object;
  }
}

/** Whether a lenient reader could take the key for another one. */
export function foldable(key: string): boolean {
  return /[^\x20-\x40\x5b-\x7e]/.test(key);
}

/**
 * The key as the most lenient reader would see it: Go's encoding/json ignores case and folds U+017F to s and U+212A to k,
 * others (Java, C) also U+0130 and U+0131 to i; to Swift strings that look the same are the same; C strings end at NUL.
 */
export function folded(key: string): string {
  const nul = key.indexOf('\0');
  return (nul < 0 ? key : key.slice(0, nul))
    .normalize('NFC')
    .replaceAll('\u0130', 'i')
    .toUpperCase()
    .toLowerCase();
}

function refuseTwins(scanner: Scanner, object: JsonObject): void {
  const seen = new Map<string, string>();
  for (const key of Object.keys(object)) {
    const fold = folded(key);
    const twin = seen.get(fold);
    if (twin !== undefined) {
      scanner.fail(
        `The keys ${JSON.stringify(twin)} and ${JSON.stringify(key)} could be taken for one, in an object that ends`,
      );
    }
    seen.set(fold, key);
  }
}
