import { createHash, type Hash } from 'node:crypto';
import { Scanner } from '../scanner.ts';
import { canonicalNumber } from './canonical-number.ts';

/** Strings from this length on go into the digest as the bytes they are. */
const LONG_STRING = 256;

/** Objects down to this depth are read twice where their keys are out of order; deeper ones would cost too much. */
const SORTED_DEPTH = 2;

/**
 * The canonical digest of a large JSON text: its long strings are taken as they stand, and no text of it is ever made.
 * Undefined when a key is there twice, or when keys far down are out of order. @throws ScanError when it is not JSON
 */
export function digestLarge(bytes: Buffer): string | undefined {
  const scanner = new Scanner(bytes);
  const feed = new Feed(bytes);
  if (!feed.value(scanner, 0)) return undefined;
  scanner.expectEnd();
  return feed.digest();
}

class Feed {
  readonly #bytes: Buffer;
  readonly #hash: Hash = createHash('sha256');
  /** What waits to be digested before the next long string. */
  #text = '';

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  digest(): string {
    return this.#hash.update(this.#text).digest('hex');
  }

  /** False when the digest cannot be computed this way. */
  value(scanner: Scanner, depth: number): boolean {
    const byte = scanner.peek();
    if (byte === 0x7b) return this.#object(scanner, depth);
    if (byte === 0x5b) return this.#array(scanner, depth);
    if (byte === 0x22) this.#string(scanner);
    else if (byte !== 0x2d && !(byte >= 0x30 && byte <= 0x39)) this.#add(String(scanner.word()));
    else {
      const start = scanner.at;
      const short = scanner.skipNumber();
      this.#add(
        short === undefined
          ? canonicalNumber(this.#bytes.toString('latin1', start, scanner.at))
          : String(short),
      );
    }
    return true;
  }

  #object(scanner: Scanner, depth: number): boolean {
    if (depth < SORTED_DEPTH) return this.#sorted(scanner, depth);
    let inOrder = true;
    let before: string | undefined;
    this.#add('{');
    scanner.members((key) => {
      if (before !== undefined) {
        if (!(key > before)) inOrder = false;
        this.#add(',');
      }
      before = key;
      this.#add(`${JSON.stringify(key)}:`);
      // What follows a key out of order only has to be passed.
      if (!inOrder) scanner.skip();
      else if (!this.value(scanner, depth + 1)) inOrder = false;
    });
    this.#add('}');
    return inOrder;
  }

  /** Finds the members first, and takes them in the order of their keys. */
  #sorted(scanner: Scanner, depth: number): boolean {
    const members: { key: string; at: number }[] = [];
    const keys = new Set<string>();
    scanner.members((key) => {
      keys.add(key);
      members.push({ key, at: scanner.at });
      scanner.skip();
    });
    if (keys.size < members.length) return false;
    const { at: end } = scanner;
    members.sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#add('{');
    for (const [index, { key, at }] of members.entries()) {
      this.#add(`${index > 0 ? ',' : ''}${JSON.stringify(key)}:`);
      scanner.at = at;
      if (!this.value(scanner, depth + 1)) return false;
    }
    this.#add('}');
    scanner.at = end;
    return true;
  }

  #array(scanner: Scanner, depth: number): boolean {
    let inOrder = true;
    this.#add('[');
    scanner.elements((index) => {
      if (index > 0) this.#add(',');
      if (!inOrder) scanner.skip();
      else if (!this.value(scanner, depth + 1)) inOrder = false;
    });
    this.#add(']');
    return inOrder;
  }

  #string(scanner: Scanner): void {
    const start = scanner.at;
    if (!scanner.skipPlain()) this.#add(scanner.passedText(start));
    else if (scanner.at - start < LONG_STRING) this.#add(this.#bytes.toString('utf8', start, scanner.at));
    else {
      this.#hash.update(this.#text).update(this.#bytes.subarray(start, scanner.at));
      this.#text = '';
    }
  }

  #add(text: string): void {
    this.#text += text;
    if (this.#text.length < 16_384) return;
    this.#hash.update(this.#text);
    this.#text = '';
  }
}
