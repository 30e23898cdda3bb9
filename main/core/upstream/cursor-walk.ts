import type { ToolList } from '../codec/index.ts';

/** Pages of one listing; a server whose cursors do not end is not followed further. */
export const MAX_PAGES = 200;

/**
 * A walk over the pages of a list, as clients do it: it ends where a page names no further one. A cursor that is empty,
 * null or no text names none; one that was there before leads in a circle, so that everything is there already.
 */
export class CursorWalk {
  readonly #server: string;
  readonly #note: (text: string) => void;
  readonly #seen = new Set<string>();
  #pages = 0;

  /** @param note a line for the server's log */
  constructor(server: string, note: (text: string) => void) {
    this.#server = server;
    this.#note = note;
  }

  /** The cursor of the page after this one; undefined at the end. */
  next({ nextCursor, strangeCursor }: Pick<ToolList, 'nextCursor' | 'strangeCursor'>): string | undefined {
    this.#pages++;
    if (strangeCursor !== undefined) {
      const page = `Page ${this.#pages} of its list of tools has the nextCursor ${strangeCursor}`;
      this.#note(`${page}, which names no page. It is taken for the last one.`);
      return undefined;
    }
    if (nextCursor === undefined) return undefined;
    if (this.#seen.has(nextCursor)) {
      const cursor = JSON.stringify(nextCursor.slice(0, 100));
      this.#note(
        `Its list of tools leads in a circle: page ${this.#pages} has the nextCursor ${cursor}, which was there before. The pages up to there are taken for the whole list.`,
      );
      return undefined;
    }
    this.#seen.add(nextCursor);
    return nextCursor;
  }

  /** Whether so many pages were read that no further one is asked for. */
  get tooLong(): boolean {
    return this.#pages >= MAX_PAGES;
  }

  /** What to tell people then. */
  get whyTooLong(): string {
    return `The list of tools of the server "${this.#server}" does not end after ${this.#pages} pages.`;
  }
}
