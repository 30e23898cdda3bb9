import { Tokens } from './tokens.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Walks through objects and arrays, member by member, or passes them as a whole. */
export class Structure extends Tokens {
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

  /** Passes any value, validating its grammar. `room` is how many levels it may hold. Not recursive: any depth is passed. */
  skip(room = Number.POSITIVE_INFINITY): void {
    const open: number[] = [];
    for (;;) {
      const byte = this.peek();
      this.countValue();
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
}
