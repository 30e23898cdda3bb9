import { isObject } from '../../../../shared/base/is-object.ts';
import { Brake } from '../../base/brake.ts';
import { METHOD_NOT_FOUND, readToolList, type ToolList } from '../../codec/index.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import type { Clock } from '../../ports.ts';
import type { ToolCatalogue } from '../../tools/types.ts';
import { CursorWalk, MAX_PAGES } from '../../upstream/cursor-walk.ts';
import { UpstreamError, type Upstreams } from '../../upstream/types.ts';

/** After a change, while a call waits: how long until the list is read. */
const SOON_MS = 250;

interface ListingDeps {
  readonly catalogue: ToolCatalogue;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly upstreams?: Pick<Upstreams, 'note'>;
}

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
  /** What `#changes` was when that reading began, and the reading after it. */
  #askedAt = 0;
  #next: Promise<void> | undefined;
  /** Calls that wait for a person. */
  #held = 0;
  #soon: (() => void) | undefined;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #note: (text: string) => void;
  /** Why the list that was read may not be all there is. */
  #partly: string | undefined;
  /** Readings that failed: those who call meanwhile hear the same. */
  readonly #failures: Brake;
  #failure: { readonly error: Error; readonly changes: number } | undefined;
  /** Readings for calls that wait: a server may say after each one that its list changed. */
  readonly #storm: Brake;

  /** @param ask asks the server something of the gateway's own; rejects with UpstreamError when it is not answered */
  constructor(
    server: string,
    { catalogue, clock, upstreams }: ListingDeps,
    ask: (method: string, params: JsonObject) => Promise<RpcMessage>,
  ) {
    this.#server = server;
    this.#catalogue = catalogue;
    this.#clock = clock;
    this.#ask = ask;
    this.#note = (text) => upstreams?.note?.(server, text);
    this.#failures = new Brake({ clock, free: 3, firstMs: 1000, longestMs: 30_000 });
    this.#storm = new Brake({ clock, free: 20, firstMs: 500, longestMs: 10_000, calmMs: 30_000 });
  }

  /** Goes on at once where a call of this tool can be judged by what was read, else when the list has been read. */
  whenRead(tool: string, go: (error?: Error) => void): void {
    if (this.#missing(tool)) this.read().then(() => go(this.#notFound(tool)), go);
    else go(this.#notFound(tool));
  }

  /** Of a tool that is not among those read, where others may follow. */
  #notFound(tool: string): Error | undefined {
    if (this.#partly === undefined || this.#catalogue.find(this.#server, tool) !== undefined)
      return undefined;
    return new UpstreamError('failed', `${this.#partly} The tool ${tool} is not on them.`);
  }

  #missing(tool: string): boolean {
    if (this.#seen < this.#changes || this.#catalogue.list(this.#server) === null) return true;
    return !this.#listed && this.#catalogue.find(this.#server, tool) === undefined;
  }

  /** The server said that its list changed: it is read again before the next call, and soon while a call waits. */
  changed(): void {
    this.#changes++;
    if (this.#held > 0) this.#readSoon();
  }

  /**
   * A call waits for a person, who must not be left with a question about a definition that is gone. Returns what ends
   * that. A storm of changes costs one reading each {@link SOON_MS}.
   */
  held(): () => void {
    this.#held++;
    if (this.#seen < this.#changes) this.#readSoon();
    return () => {
      this.#held--;
      if (this.#held > 0) return;
      this.#soon?.();
      this.#soon = undefined;
    };
  }

  #readSoon(): void {
    this.#soon ??= this.#clock.after(Math.max(SOON_MS, this.#storm.waitMs()), () => {
      this.#soon = undefined;
      this.#storm.tried();
      // Where it fails, the call that is allowed reads it once more, and is answered with what is wrong.
      this.read().catch(() => {});
    });
  }

  /**
   * Reads all pages over the session's own connection into the catalogue. A reading that is under way is as good, unless
   * the list changed since it began. @throws UpstreamError
   */
  read(): Promise<void> {
    if (this.#asking === undefined || this.#askedAt === this.#changes) return this.#begin();
    this.#next ??= this.#asking
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const { error, changes } = this.#failure ?? {};
    if (error && changes === this.#changes && this.#failures.waitMs() > 0) return Promise.reject(error);
    this.#asking ??= this.#read()
      .then(
        () => this.#failures.forget(),
        (failure: Error) => {
          this.#failures.tried();
          this.#failure = { error: failure, changes: this.#changes };
          throw failure;
        },
      )
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #read(): Promise<void> {
    const changes = this.#changes;
    this.#askedAt = changes;
    const pages: ToolList[] = [];
    const walk = new CursorWalk(this.#server, this.#note);
    let cursor: string | undefined;
    do {
      const answer = await this.#ask('tools/list', cursor === undefined ? {} : { cursor });
      if (answer.isError) {
        const { error } = answer.value();
        if (isObject(error) && error.code === METHOD_NOT_FOUND) break;
        const why = isObject(error) ? String(error.message) : 'it gave no reason';
        throw new UpstreamError('failed', `The server "${this.#server}" did not list its tools: ${why}`);
      }
      const list = readToolList(answer.raw, () => true);
      pages.push(list);
      cursor = walk.next(list);
    } while (cursor !== undefined && !walk.tooLong);
    this.#complete(pages, changes);
    this.#partly = cursor === undefined ? undefined : walk.whyTooLong;
    if (this.#partly !== undefined) this.#note(this.#partly);
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
    if (next === undefined || next === cursor) this.#complete(pages, changes);
    else if (pages.length < MAX_PAGES) this.#reading = { pages, next, changes };
    return before?.pages ?? [];
  }

  #complete(pages: readonly ToolList[], changes: number): void {
    this.#listed = true;
    this.#partly = undefined;
    this.#seen = changes;
    const print = pages.map(({ fingerprint }) => fingerprint).join(' ');
    this.#catalogue.replace(this.#server, () => pages.flatMap(({ tools }) => [...tools]), print);
  }
}
