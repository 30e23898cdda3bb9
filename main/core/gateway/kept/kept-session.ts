import { isObject } from '../../../../shared/base/is-object.ts';
import { notificationMessage, resultMessage, withId } from '../../codec/index.ts';
import type { Json, JsonObject, RpcMessage } from '../../codec/types.ts';
import { start } from '../call/call-pipeline.ts';
import type { EraRules } from '../call/era-rules.ts';
import type { Pending } from '../call/pending.ts';
import type { Outbox } from '../streams/outbox.ts';
import { bare, LISTS, pageAt, parsed, Reading, readList, samePages } from './lists.ts';
import type { KeptServers, Words } from './types.ts';

/** A server whose words were others at this many starts in a row starts with its client. */
const MAX_CHANGES = 2;
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

/** A session, as far as it is answered from what its server once said. */
export interface Keeping extends EraRules {
  readonly outbox: Outbox;
  /** Passes an answer on as if the server gave it now. */
  answered(pending: Pending, message: RpcMessage): void;
}

export interface KeptOptions {
  readonly servers: KeptServers;
  readonly server: string;
  readonly session: Keeping;
  /** Adds a line to the server's log. */
  note(text: string): void;
}

/**
 * One session with a server that runs only while it is used: initialize, lists and the like are answered from what the server
 * said last; whatever else comes starts it. A started server hears the client's own initialize (`server-link.ts`), and its
 * words are compared before anything the client wants goes on.
 */
export class KeptSession {
  readonly #o: KeptOptions;
  #key: string | undefined;
  /** The lists as the client was given them. Another session may have learned of a change meanwhile. */
  readonly #given = new Map<string, readonly Buffer[]>();
  /** Lists that are being read by the client. */
  readonly #readings = new Map<string, Reading>();
  /** Lists that changed on this connection: they are of this session alone, and not kept. */
  readonly #changed = new Set<string>();
  #differs = false;
  /** The client's own initialize was passed on, so its notice that it is ready is as well. */
  #greetedHere = false;
  /** The server says something by itself, or was asked to: while its client listens it does not rest. */
  #stays = false;
  /** Ms of the monotonic clock. */
  #used = 0;

  constructor(options: KeptOptions) {
    this.#o = options;
  }

  /** The server runs only while it is used: known once initialize came. */
  get on(): boolean {
    return this.#key !== undefined;
  }

  /** Answers a request that was admitted, or lets it go on to the server. */
  take(pending: Pending): void {
    const { session } = this.#o;
    this.#used = session.requests.deps.clock.monotonic();
    if (pending.method === 'initialize') {
      void this.#begin(pending);
      return;
    }
    if (this.on && !session.link.busy) {
      const answer = this.#answer(pending);
      if (answer) {
        this.#give(pending, answer);
        return;
      }
    }
    // The server may list other tools by now: they are read and judged before the call is.
    if (this.on && pending.message.call && !session.link.connected) session.listing.changed();
    if (pending.method === 'resources/subscribe') this.#stays = true;
    start(session, pending);
  }

  async #begin(pending: Pending): Promise<void> {
    const { servers, server, session } = this.#o;
    const key = await servers.key(server, pending.message);
    if (pending.over) return;
    const words = key === undefined ? undefined : servers.get(server, key);
    if (words && words.changes >= MAX_CHANGES) {
      start(session, pending);
      return;
    }
    this.#key = key;
    if (words) this.#give(pending, words.initialize);
    else start(session, pending);
  }

  #answer({ method, message }: Pending): Buffer | undefined {
    if (method === 'ping') return resultMessage('0', {});
    const words = this.#words;
    const params = paramsOf(message);
    if (method === 'logging/setLevel') {
      if (!words || !hasLogging(words) || !LEVELS.includes(String(params.level))) return undefined;
      this.#o.session.link.remember(message);
      return resultMessage('0', {});
    }
    const pages = words?.lists.get(method);
    if (pages) this.#given.set(method, pages);
    return pages && pageAt(pages, params.cursor);
  }

  #give(pending: Pending, raw: Buffer): void {
    const { session } = this.#o;
    if (session.requests.record(pending)) session.answered(pending, parsed(withId(raw, pending.id)));
  }

  get #words(): Words | undefined {
    return this.#key === undefined ? undefined : this.#o.servers.get(this.#o.server, this.#key);
  }

  #put(words: Words): void {
    if (this.#key !== undefined) this.#o.servers.put(this.#o.server, this.#key, words);
  }

  /** A notification waits for no server that does not run: it would have nothing to do with it. */
  drops(message: RpcMessage): boolean {
    // It is said to each server that is started for this session.
    if (message.method === 'notifications/initialized' && this.on) return !this.#greetedHere;
    return this.on && !this.#o.session.link.busy;
  }

  /** A server that was not used for long rests, also while its client listens. @param now ms of the monotonic clock */
  tick(now: number): void {
    const { link, requests } = this.#o.session;
    if (!this.on || this.#stays || !link.connected || requests.byId.size > 0) return;
    if (now - this.#used <= requests.limits.upstreamIdleMs) return;
    link.rest().catch((error: unknown) => {
      requests.deps.log('warn', `an idle connection to ${this.#o.server} did not close in order`, error);
    });
  }

  /** The server answered a request of the client. */
  heard({ method, message: request }: Pending, answer: RpcMessage): void {
    if (!this.on) return;
    this.#used = this.#o.session.requests.deps.clock.monotonic();
    if (answer.isError) return;
    if (method === 'initialize') {
      this.#greetedHere = true;
      this.#put({ initialize: bare(answer.raw), lists: new Map(), changes: 0 });
    } else if (method in LISTS && !this.#changed.has(method)) {
      const reading = this.#readings.get(method) ?? new Reading();
      this.#readings.set(method, reading);
      const pages = reading.add(paramsOf(request).cursor, answer);
      if (pages) this.#given.set(method, pages);
      const words = this.#words;
      if (!pages || !words || samePages(words.lists.get(method) ?? [], pages)) return;
      this.#replace(words, method, pages);
    }
  }

  /** What others were told of this list is old as well. */
  #replace(words: Words, method: string, pages: readonly Buffer[] | undefined): void {
    if (words.lists.has(method)) this.#o.servers.dropList(this.#o.server, method);
    if (!pages) return;
    words.lists.set(method, pages);
    this.#put(words);
  }

  /** The server says something by itself. */
  told(message: RpcMessage): void {
    if (!this.on) return;
    this.#stays = true;
    for (const [method, notification] of Object.entries(LISTS)) {
      if (notification !== message.method || this.#changed.has(method)) continue;
      this.#changed.add(method);
      this.#readings.delete(method);
      this.#o.servers.dropList(this.#o.server, method);
    }
  }

  /** The server was started for what the client once said, and answers initialize. */
  greeted(answer: RpcMessage): void {
    if (!this.on) return;
    this.#greetedHere = false;
    this.#changed.clear();
    this.#readings.clear();
    const words = this.#words;
    const initialize = answer.isError ? undefined : bare(answer.raw);
    this.#differs = words !== undefined && !initialize?.equals(words.initialize);
    if (!initialize && this.#key !== undefined) this.#o.servers.drop(this.#o.server, this.#key);
    if (!initialize || (words && !this.#differs)) return;
    this.#put({ initialize, lists: new Map(words?.lists), changes: words?.changes ?? 0 });
  }

  /** It knows all that the client once said. Compares its lists, before anything the client wants goes on. */
  async woken(ask: (method: string, params: Json) => Promise<RpcMessage>): Promise<void> {
    const words = this.#words;
    if (!words) return;
    const told = new Set<string>();
    for (const method of new Set([...words.lists.keys(), ...this.#given.keys()])) {
      const before = words.lists.get(method);
      const given = this.#given.get(method);
      const now = await readList((cursor) => ask(method, cursor === undefined ? {} : { cursor }));
      if (given && !(now && samePages(given, now))) {
        told.add(LISTS[method] as string);
        this.#given.delete(method);
        if (method === 'tools/list') this.#o.session.listing.changed();
      }
      if (before && now && samePages(before, now)) continue;
      if (before) this.#differs = true;
      this.#replace(words, method, this.#changed.has(method) ? undefined : now);
    }
    const changes = this.#differs ? words.changes + 1 : 0;
    if (this.#differs || changes !== words.changes) this.#put(Object.assign(words, { changes }));
    if (this.#differs) this.#remark(changes);
    this.#tell(told);
  }

  #remark(changes: number): void {
    const more = changes >= MAX_CHANGES ? ' It starts with its client from now on.' : '';
    this.#o.note(`It says something else than when it was started before; clients are told.${more}`);
  }

  #tell(changed: ReadonlySet<string>): void {
    // A client that does not listen hears it on the stream of what started the server, before anything goes on.
    const { outbox, requests } = this.#o.session;
    const carrier = [...requests.byId.values()].find(({ reply }) => reply.carries);
    for (const method of changed) {
      const raw = notificationMessage(method);
      if (outbox.listening || !carrier) void outbox.send(raw, undefined, method);
      else void carrier.reply.push(raw, requests.deps.clock.monotonic());
    }
  }
}

function paramsOf(message: RpcMessage): JsonObject {
  const { params } = message.value();
  return isObject(params) ? params : {};
}

function hasLogging({ initialize }: Words): boolean {
  const { result } = parsed(initialize).value();
  return isObject(result) && isObject(result.capabilities) && isObject(result.capabilities.logging);
}
