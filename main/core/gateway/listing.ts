import { METHOD_NOT_FOUND, readToolList, type ToolList } from '../codec/index.ts';
import type { Json, JsonObject, RpcMessage } from '../codec/types.ts';
import type { ToolCatalogue } from '../tools/types.ts';
import { UpstreamError } from '../upstream/types.ts';

/** Pages of one listing; a server whose cursors do not end is not followed further. */
const MAX_PAGES = 200;

/** What a session sees of its server's tools, and how the catalogue learns of them. */
export class Listing {
  /** How often the server said that its list changed, and up to which of them the list was read since. */
  #changes = 0;
  #seen = 0;
  readonly #server: string;
  readonly #catalogue: ToolCatalogue;
  readonly #ask: (method: string, params: JsonObject) => Promise<RpcMessage>;
  /** This session has seen a whole listing. */
  #listed = false;
  /** The pages the client has read so far, in one go. */
  #reading: { pages: readonly ToolList[]; next: string; changes: number } | undefined;
  #asking: Promise<void> | undefined;

  /** @param ask asks the server something of the gateway's own; rejects with UpstreamError when it is not answered */
  constructor(
    server: string,
    catalogue: ToolCatalogue,
    ask: (method: string, params: JsonObject) => Promise<RpcMessage>,
  ) {
    this.#server = server;
    this.#catalogue = catalogue;
    this.#ask = ask;
  }

  /** Whether the list must be read before a call of this tool can be judged. */
  missing(tool: string): boolean {
    if (this.#seen < this.#changes || this.#catalogue.list(this.#server) === null) return true;
    return !this.#listed && this.#catalogue.find(this.#server, tool) === undefined;
  }

  /** The server said that its list changed: it is read again before the next call. */
  changed(): void {
    this.#changes++;
  }

  /** Reads all pages over the session's own connection into the catalogue. @throws UpstreamError */
  read(): Promise<void> {
    this.#asking ??= this.#read().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #read(): Promise<void> {
    const changes = this.#changes;
    const pages: ToolList[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.#ask('tools/list', cursor === undefined ? {} : { cursor });
      if (answer.isError) {
        const { error } = answer.value();
        if (isObject(error) && error.code === METHOD_NOT_FOUND) break;
        const why = isObject(error) ? String(error.message) : 'it gave no reason';
        throw new UpstreamError('failed', `The server "${this.#server}" did not list its tools: ${why}`);
      }
      const list = readToolList(answer.raw, () => true);
      pages.push(list);
      cursor = list.nextCursor;
      if (cursor === undefined) break;
    }
    if (cursor !== undefined) throw new UpstreamError('failed', endless(this.#server));
    this.#complete(pages, changes);
  }

  /**
   * Takes an answer to the client's tools/list; gives what the client may see of it. The definitions are judged first, so
   * that a new one is shown only when it may be.
   * @param cursor the cursor of the request
   * @throws AmbiguousList; Error when the definitions cannot be judged
   */
  answer(message: RpcMessage, cursor: string | undefined, sees: (tool: string) => boolean): Buffer {
    const list = readToolList(message.raw, () => true);
    const before = this.#take(list, cursor);
    // Of a name listed twice the first one is judged; another reader might take the last.
    const shown = new Set(before.flatMap(({ tools }) => tools.map(({ name }) => name)));
    return list.only((name) => {
      if (shown.has(name)) return false;
      shown.add(name);
      return sees(name);
    });
  }

  /** @returns the pages of the same reading before this one */
  #take(list: ToolList, cursor: string | undefined): readonly ToolList[] {
    const { nextCursor: next } = list;
    if (cursor !== undefined || next !== undefined)
      this.#catalogue.page(this.#server, () => list.tools, list.fingerprint);
    const before = cursor === undefined ? undefined : this.#reading;
    this.#reading = undefined;
    // Pages out of order say nothing about the whole list: only a reading from the first page on counts.
    if (cursor !== undefined && before?.next !== cursor) return [];
    const pages = [...(before?.pages ?? []), list];
    const changes = before?.changes ?? this.#changes;
    if (next === undefined) this.#complete(pages, changes);
    else if (pages.length < MAX_PAGES) this.#reading = { pages, next, changes };
    return before?.pages ?? [];
  }

  #complete(pages: readonly ToolList[], changes: number): void {
    this.#listed = true;
    this.#seen = changes;
    const print = pages.map(({ fingerprint }) => fingerprint).join(' ');
    this.#catalogue.replace(this.#server, () => pages.flatMap(({ tools }) => [...tools]), print);
  }
}

function endless(server: string): string {
  return `The list of tools of the server "${server}" does not end after ${MAX_PAGES} pages.`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
