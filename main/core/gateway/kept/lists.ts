import { isObject } from '../../../../shared/base/is-object.ts';
import { parseFromServer, withId } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { MAX_PAGES } from '../../upstream/cursor-walk.ts';

/** The lists that are kept, with the notification that says that one changed. */
export const LISTS: Readonly<Record<string, string>> = {
  'tools/list': 'notifications/tools/list_changed',
  'prompts/list': 'notifications/prompts/list_changed',
  'resources/list': 'notifications/resources/list_changed',
  'resources/templates/list': 'notifications/resources/list_changed',
};

/** A message as the server said it. @throws when it is none */
export function parsed(raw: Buffer): RpcMessage {
  const read = parseFromServer(raw);
  if (!read.ok || !('message' in read)) throw new Error('What was kept of a server is not a message.');
  return read.message;
}

/** An answer as it is compared: two answers differ in their ids. */
export function bare(raw: Buffer): Buffer {
  return withId(raw, '0');
}

export function samePages(some: readonly Buffer[], others: readonly Buffer[]): boolean {
  return some.length === others.length && some.every((page, i) => page.equals(others[i] as Buffer));
}

/** The cursor that an answer gives, of any type; undefined on the last page. */
export function nextOf(answer: RpcMessage): unknown {
  const { result } = answer.value();
  return isObject(result) ? result.nextCursor : undefined;
}

/** The page of a kept list that a request with this cursor asks for. */
export function pageAt(pages: readonly Buffer[], cursor: unknown): Buffer | undefined {
  if (cursor === undefined) return pages[0];
  const before = pages.findIndex((page) => nextOf(parsed(page)) === cursor);
  return before < 0 ? undefined : pages[before + 1];
}

/** Pages of one list as a client reads them, until all of them are there. */
export class Reading {
  #pages: Buffer[] = [];
  #next: unknown;

  /** @returns all pages, once the last one came in one go with those before it */
  add(cursor: unknown, answer: RpcMessage): readonly Buffer[] | undefined {
    if (cursor === undefined) this.#pages = [];
    else if (this.#pages.length === 0 || cursor !== this.#next || this.#pages.length >= MAX_PAGES) {
      this.#pages = [];
      return undefined;
    }
    this.#pages.push(bare(answer.raw));
    this.#next = nextOf(answer);
    if (this.#next !== undefined) return undefined;
    const pages = this.#pages;
    this.#pages = [];
    return pages;
  }
}

/**
 * Reads a whole list.
 * @returns its pages; undefined when the server answers with an error, or has more pages than are read
 */
export async function readList(
  ask: (cursor: string | undefined) => Promise<RpcMessage>,
): Promise<readonly Buffer[] | undefined> {
  const reading = new Reading();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await ask(cursor);
    if (answer.isError) return undefined;
    const pages = reading.add(cursor, answer);
    if (pages) return pages;
    const next = nextOf(answer);
    if (typeof next !== 'string') return undefined;
    cursor = next;
  }
  return undefined;
}
