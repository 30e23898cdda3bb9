import { Scanner } from './scanner.ts';
import { AmbiguousList } from './tool-list.ts';
import type { Span } from './types.ts';

/** One element of a list in a result: its own bytes, and where its key member stands in them. */
export interface Item {
  readonly bytes: Buffer;
  /** The value of the member asked for; undefined when it is absent or no text. */
  readonly key: string | undefined;
  readonly keySpan: Span | undefined;
}

/**
 * The elements of `result.<list>` of an answer, each with one of its members (`name` of a tool, `uri` of a resource).
 * @returns none when there is no such list
 * @throws AmbiguousList when two readers could see different elements or keys
 */
export function itemsOf(raw: Buffer, list: string, key: string): Item[] {
  const items: Item[] = [];
  onlyMember(raw, 0, 'result', (result) =>
    onlyMember(raw, result.at, list, (array) => {
      if (array.peek() !== 0x5b) return array.skip();
      array.elements(() => {
        array.peek();
        items.push(item(raw, array, key));
      });
    }),
  );
  return items;
}

function item(raw: Buffer, scanner: Scanner, key: string): Item {
  const begin = scanner.at;
  let found: Span | undefined;
  let text: string | undefined;
  if (scanner.peek() !== 0x7b) {
    scanner.skip();
    return { bytes: raw.subarray(begin, scanner.at), key: undefined, keySpan: undefined };
  }
  scanner.members((name) => {
    const isText = scanner.peek() === 0x22;
    const start = scanner.at;
    if (name !== key) return scanner.skip();
    if (found) throw new AmbiguousList(`an element holds ${JSON.stringify(key)} twice`);
    if (isText) text = scanner.string();
    else scanner.skip();
    found = { start: start - begin, end: scanner.at - begin };
  });
  return { bytes: raw.subarray(begin, scanner.at), key: text, keySpan: found };
}

/** The element with another value of its key; every other byte stays. */
export function withKey({ bytes, keySpan }: Item, value: string): Buffer {
  if (!keySpan) return bytes;
  return Buffer.concat([
    bytes.subarray(0, keySpan.start),
    Buffer.from(JSON.stringify(value)),
    bytes.subarray(keySpan.end),
  ]);
}

/**
 * The same message with another value at `path` (names of members, from the outside). `value` is JSON text.
 * @throws Error when there is nothing at this place
 */
export function withValueAt(raw: Buffer, path: readonly string[], value: string): Buffer {
  let span: Span | undefined;
  const find = (start: number, rest: readonly string[]): void => {
    const [name, ...deeper] = rest;
    if (name === undefined) {
      const scanner = new Scanner(raw, start);
      scanner.skip();
      span = { start, end: scanner.at };
    } else onlyMember(raw, start, name, (member) => find(member.at, deeper));
  };
  find(0, path);
  if (!span) throw new Error(`The message has no ${path.join('.')} to replace.`);
  return Buffer.concat([raw.subarray(0, span.start), Buffer.from(value), raw.subarray(span.end)]);
}

/** Gives a member of the object at `start` to `take`, which must pass the value. */
function onlyMember(raw: Buffer, start: number, name: string, take: (scanner: Scanner) => void): void {
  const scanner = new Scanner(raw, start);
  let seen = false;
  if (scanner.peek() !== 0x7b) return;
  scanner.members((key) => {
    scanner.peek();
    if (key !== name) return scanner.skip();
    if (seen) throw new AmbiguousList(`the member ${JSON.stringify(name)} is there twice`);
    seen = true;
    const inner = new Scanner(raw, scanner.at);
    take(inner);
    scanner.skip();
  });
}
