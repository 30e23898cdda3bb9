import { hash } from 'node:crypto';
import { Scanner } from '../scanner.ts';
import type { Json } from '../types.ts';
import { canonicalNumber } from './canonical-number.ts';
import { digestLarge } from './canonical-stream.ts';

/** Texts from this size on (bytes, or characters) are digested without writing them again, where possible. */
const LARGE = 32 * 1024;

/**
 * Canonical JSON (RFC 8785) of a JSON text: keys sorted by UTF-16 units, no white space, strings and numbers as ECMAScript
 * writes them. One thing goes beyond the RFC: a number that a double cannot hold keeps its digits, so that
 * 9007199254740992 and 9007199254740993 differ. A key that is there twice counts once, the last value.
 * @throws ScanError when it is not JSON
 */
export function canonicalJson(text: string | Buffer): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const scanner = new Scanner(bytes);
  const canonical = write(scanner);
  scanner.expectEnd();
  return canonical;
}

/** SHA-256 in hex of {@link canonicalJson}. */
export function canonicalDigest(text: string | Buffer): string {
  const large =
    text.length > LARGE ? digestLarge(typeof text === 'string' ? Buffer.from(text) : text) : undefined;
  return large ?? hash('sha256', canonicalJson(text), 'hex');
}

/** Canonical JSON (RFC 8785) of a value that was parsed already. */
export function canonicalValue(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalValue).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalValue(value[key] as Json)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 in hex of {@link canonicalValue}. */
export function valueDigest(value: Json): string {
  return hash('sha256', canonicalValue(value), 'hex');
}

/** SHA-256 in hex of bytes or of a text's UTF-8. */
export function sha256(data: string | Buffer): string {
  return hash('sha256', data, 'hex');
}

function write(scanner: Scanner): string {
  const byte = scanner.peek();
  if (byte === 0x7b) return writeObject(scanner);
  if (byte === 0x5b) {
    const elements: string[] = [];
    scanner.elements(() => {
      elements.push(write(scanner));
    });
    return `[${elements.join(',')}]`;
  }
  if (byte === 0x22) return scanner.stringText();
  if (byte !== 0x2d && !(byte >= 0x30 && byte <= 0x39)) return String(scanner.word());
  const start = scanner.at;
  const short = scanner.skipNumber();
  return short === undefined
    ? canonicalNumber(scanner.bytes.toString('latin1', start, scanner.at))
    : String(short);
}

function writeObject(scanner: Scanner): string {
  const keys: string[] = [];
  const texts: string[] = [];
  let inOrder = true;
  scanner.members((key) => {
    if (inOrder && keys.length > 0 && !(key > (keys.at(-1) as string))) inOrder = false;
    keys.push(key);
    texts.push(`${quoted(key)}:${write(scanner)}`);
  });
  if (inOrder) return `{${texts.join(',')}}`;
  // A key that is there again replaces the one before.
  const last = new Map(keys.map((key, at) => [key, texts[at]]));
  return `{${[...last.keys()]
    .sort()
    .map((key) => last.get(key))
    .join(',')}}`;
}

/** What JSON.stringify gives for a key, faster for the usual ones. */
function quoted(key: string): string {
  return PLAIN_KEY.test(key) ? `"${key}"` : JSON.stringify(key);
}
const PLAIN_KEY = /^[\w$.:/ -]*$/;
