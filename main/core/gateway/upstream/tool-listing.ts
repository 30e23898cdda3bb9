import { isObject } from '../../../../shared/base/is-object.ts';
import { sentence } from '../../../../shared/text/sentences.ts';
import { Brake } from '../../base/brake.ts';
import { METHOD_NOT_FOUND, readToolList, type ToolList } from '../../codec/index.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import type { CallFacts } from '../../policy/types.ts';
import { CursorWalk, MAX_PAGES } from '../../upstream/cursor-walk.ts';
import { UpstreamError } from '../../upstream/types.ts';
import type { GatewayDeps } from '../types.ts';

/** After a change, while a call waits: how long until the list is read. */
const SOON_MS = 250;

export type ToolListingDeps = Pick<GatewayDeps, 'catalogue' | 'clock' | 'pins' | 'policy' | 'upstreams'>;

export interface ToolListingOptions {
  readonly clientId: string;
  readonly server: string;
  /** Asks the server something of the gateway's own; rejects with UpstreamError when it is not answered. */
  ask(method: string, params: JsonObject): Promise<RpcMessage>;
}

/** What a client sees of a server's tools, how the policy judges them, and how the catalogue learns of them. */
export class ToolListing {
  /** How often the server said that its list changed, and up to which of them the list was read since. */
  #changes = 0;
  #seen = 0;
  readonly #deps: ToolListingDeps;
  readonly #o: ToolListingOptions;
  /** This client has seen a whole listing, or one was read for it. */
  #listed = false;
  /** The pages the client has read so far, in one go. */
  #reading: { pages: readonly ToolList[]; next: string; changes: number } | undefined;
  #asking: Promise<void> | undefined;
  /** What `#changes` was when that reading began, and the reading after it. */
  #askedAt = 0;
  #next: Promise<void> | undefined;
  /** How many calls wait for a person. */
  #held = 0;
  #soon: (() => void) | undefined;
  /** Why the list that was read may not be all there is. */
  #partly: string | undefined;
  /** It is that because a page failed, which may go better next time. */
  #broken = false;
  /** Readings that failed: callers in the meantime get the same error. */
  readonly #failures: Brake;
  #failure: { readonly error: Error; readonly changes: number } | undefined;
  /** Readings for calls that wait: a server may say after each one that its list changed. */
  readonly #storm: Brake;

  constructor(deps: ToolListingDeps, options: ToolListingOptions) {
    const { clock } = deps;
    this.#deps = deps;
    this.#o = options;
    this.#failures = new Brake({ clock, free: 3, firstMs: 1000, longestMs: 30_000 });
    this.#storm = new Brake({ clock, free: 20, firstMs: 500, longestMs: 10_000, calmMs: 30_000 });
  }

  /** A tool as the policy judges it: with what its definition's history says against it. Undefined when it is not listed. */
  judged(tool: string): CallFacts['definition'] {
    const { server } = this.#o;
    const entry = this.#deps.catalogue.find(server, tool);
    const block = entry && this.#deps.pins.block(server, tool);
    return block ? { hash: entry.hash, risk: entry.risk, block } : entry;
  }

  /** The server is known to have tools. */
  get hasTools(): boolean {
    return (this.#deps.catalogue.list(this.#o.server)?.length ?? 0) > 0;
  }

  /** Whether the client is shown the tool. The text of a blocked definition must not reach a model. */
  #sees(tool: string): boolean {
    const { clientId, server } = this.#o;
    return this.#deps.policy.lists(clientId, server, tool, this.#deps.pins.block(server, tool));
  }

  /** Adds a line to the server's log. */
  readonly #note = (text: string): void => this.#deps.upstreams.note?.(this.#o.server, text);

  /** Goes on at once where a call of this tool can be judged by what was read, else when the list has been read. */
  whenRead(tool: string, go: (error?: Error) => void): void {
    if (this.#missing(tool)) this.read().then(() => go(this.#notFound(tool)), go);
    else go(this.#notFound(tool));
  }

  /** Of a tool that is not among those read, where others may follow. */
  #notFound(tool: string): Error | undefined {
    if (this.#partly === undefined || this.#deps.catalogue.find(this.#o.server, tool) !== undefined)
      return undefined;
    return new UpstreamError('failed', `${this.#partly} The tool ${tool} is not on them.`);
  }

  #missing(tool: string): boolean {
    if (this.#seen < this.#changes || this.#deps.catalogue.list(this.#o.server) === null) return true;
    const again = this.#broken && this.#failures.waitMs() === 0;
    return (!this.#listed || again) && this.#deps.catalogue.find(this.#o.server, tool) === undefined;
  }

  /** The server said that its list changed: it is read again before the next call, and soon while a call waits. */
  changed(): void {
    this.#changes++;
    if (this.#held > 0) this.#readSoon();
  }

  /**
   * A call waits for a person, who must not be left with a question about a definition that is gone. Returns what ends
   * that. However often the list changes, it is read once in {@link SOON_MS}.
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
    this.#soon ??= this.#deps.clock.after(Math.max(SOON_MS, this.#storm.waitMs()), () => {
      this.#soon = undefined;
      this.#storm.tried();
      // Where it fails, the call that is allowed reads it once more, and is answered with what is wrong.
      this.read().catch(() => {});
    });
  }

  /**
   * Reads all pages over the session's own connection into the catalogue. A reading that is under way will do, unless
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
        () => (this.#broken ? this.#failures.tried() : this.#failures.forget()),
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
    const walk = new CursorWalk(this.#o.server, this.#note);
    let cursor: string | undefined;
    let partly: string | undefined;
    do {
      try {
        const page = await this.#page(cursor);
        if (!page) break;
        pages.push(page);
        cursor = walk.next(page);
      } catch (error) {
        // As for a client that shows the first page: what is on the pages before is there.
        if (pages.length === 0 || !(error instanceof UpstreamError) || error.kind !== 'failed') throw error;
        const read = pages.length === 1 ? 'one page' : `${pages.length} pages`;
        partly = `Only ${read} of the tools of the server "${this.#o.server}" could be read: ${error.message}`;
        break;
      }
    } while (cursor !== undefined && !walk.tooLong);
    this.#complete(pages, changes);
    this.#broken = partly !== undefined;
    this.#partly = partly ?? (cursor === undefined ? undefined : walk.whyTooLong);
    if (this.#partly !== undefined) this.#note(this.#partly);
  }

  /** Undefined when the server has no tools. @throws UpstreamError, AmbiguousList */
  async #page(cursor: string | undefined): Promise<ToolList | undefined> {
    const answer = await this.#o.ask('tools/list', cursor === undefined ? {} : { cursor });
    if (!answer.isError) return readToolList(answer.raw, () => true);
    const { error } = answer.value();
    if (isObject(error) && error.code === METHOD_NOT_FOUND) return undefined;
    const why = isObject(error) ? String(error.message) : 'it gave no reason';
    throw new UpstreamError(
      'failed',
      sentence(`The server "${this.#o.server}" did not list its tools: ${why}`),
    );
  }

  /**
   * Takes an answer to the client's tools/list; gives what the client may see of it. The definitions are judged first, so
   * that a new one is shown only when it may be.
   * @param cursor the cursor of the request
   * @throws AmbiguousList; Error when the definitions cannot be judged
   */
  answer(message: RpcMessage, cursor: string | undefined): Buffer {
    const list = readToolList(message.raw, () => true);
    const before = this.#take(list, cursor);
    // Of a name listed twice the first one is judged; another reader might take the last.
    const shown = new Set(before.flatMap(({ tools }) => tools.map(({ name }) => name)));
    return list.only((name) => {
      if (shown.has(name)) return false;
      shown.add(name);
      return this.#sees(name);
    });
  }

  /** @returns the pages of the same reading before this one */
  #take(list: ToolList, cursor: string | undefined): readonly ToolList[] {
    const { nextCursor: next } = list;
    if (cursor !== undefined || next !== undefined)
      this.#deps.catalogue.page(this.#o.server, () => list.tools, list.fingerprint);
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
    this.#broken = false;
    this.#seen = changes;
    const print = pages.map(({ fingerprint }) => fingerprint).join(' ');
    this.#deps.catalogue.replace(this.#o.server, () => pages.flatMap(({ tools }) => [...tools]), print);
  }
}
