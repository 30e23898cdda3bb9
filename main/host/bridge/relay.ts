import type { Readable } from 'node:stream';
import { idOf, type Line, TooLong } from '../../core/codec/wire/lines.ts';
import { Asked } from './asked.ts';
import { Exchange } from './exchange.ts';
import type { CoreFinder } from './find-core.ts';
import { Handshake } from './handshake.ts';
import { Input } from './input.ts';
import type { Link } from './link.ts';
import { Links } from './links.ts';
import type { Output } from './output.ts';
import { cancelledId, errorLine, INVALID_REQUEST, type Peeked, peek } from './peek.ts';

export interface RelayOptions {
  /** Undefined: the endpoint that joins all servers of the client. */
  readonly server: string | undefined;
  readonly token: string;
  readonly stdin: Readable;
  readonly output: Output;
  readonly finder: CoreFinder;
  readonly note: (text: string) => void;
  readonly maxBytes: number;
  /** How long a core that was there may take to come back before the bridge starts one. */
  readonly patienceMs: number;
  /** How long calls may still run after the client closed its end. */
  readonly graceMs: number;
}

/** While the client has left more than this unread, no more is read from it. */
const UNREAD_BYTES = 16 * 1024 * 1024;
/** A client that has closed its end may still read; one that reads nothing for this long is gone. */
const UNREAD_MS = 5000;

/** Relays messages between a client's pipe and the gateway. Every request gets an answer, whatever fails. */
export class Relay {
  readonly #o: RelayOptions;
  readonly #handshake = new Handshake();
  readonly #asked = new Asked();
  readonly #end = new AbortController();
  readonly #running = new Map<Exchange, Promise<void>>();
  /** By raw id. */
  readonly #requests = new Map<string, Exchange>();
  readonly #links: Links;
  readonly #input: Input;
  #stopping: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    const { server, token, finder, maxBytes, patienceMs, note } = options;
    this.#o = options;
    this.#input = new Input(options.stdin, maxBytes, (error) => {
      if (!this.#end.signal.aborted) note(`Reading from the client failed: ${error.message}`);
    });
    this.#links = new Links({
      server,
      token,
      maxBytes,
      patienceMs,
      finder,
      handshake: this.#handshake,
      asked: this.#asked,
      end: this.#end.signal,
      note,
      take: (message, link) => this.#fromServer(message, link),
      withdrawn: (ids) => void this.#withdraw(ids),
    });
  }

  /** Resolves when the client has closed its end and the session is ended. */
  async run(): Promise<void> {
    const taken = this.#takeAll();
    await this.#input.ended;
    await this.#runOut(taken);
    await this.stop(UNREAD_MS);
  }

  /**
   * Ends the session at once: the client is gone, or a signal came.
   * @param unreadMs how long to wait for a client that reads nothing
   */
  stop(unreadMs: number): Promise<void> {
    this.#stopping ??= this.#stop(unreadMs);
    return this.#stopping;
  }

  async #stop(unreadMs: number): Promise<void> {
    const link = this.#links.now;
    this.#input.stop();
    this.#o.output.close();
    this.#end.abort();
    for (const exchange of this.#running.keys()) exchange.close();
    await Promise.all(this.#running.values());
    await link?.leave();
    await this.#o.output.flush(unreadMs);
  }

  /** Waits for calls that the client may still want answers to (a script that writes, closes and then reads). */
  async #runOut(taken: Promise<void>): Promise<void> {
    const until = Date.now() + this.#o.graceMs;
    let reading = true;
    const read = taken.then(() => {
      reading = false;
    });
    while (!this.#end.signal.aborted && (this.#o.finder.busy || Date.now() < until)) {
      const waiting = [...this.#running].filter(([exchange]) => !exchange.listens);
      if (!reading && waiting.length === 0) return;
      const changed = [...waiting.map(([, done]) => done), ...(reading ? [read] : [])];
      await Promise.race([...changed, new Promise((done) => setTimeout(done, 20))]);
    }
  }

  async #takeAll(): Promise<void> {
    for (;;) {
      const line = await this.#input.next();
      if (line === undefined) return;
      await this.#take(line);
      while (this.#o.output.waiting > UNREAD_BYTES && !this.#end.signal.aborted)
        await this.#o.output.drained();
    }
  }

  /** Resolves when the next message may be sent: a request was written, anything else was taken by the gateway. */
  async #take(line: Line): Promise<void> {
    if (line instanceof TooLong) {
      const why = `The message has ${line.bytes} bytes; at most ${this.#o.maxBytes} are taken.`;
      return this.#o.output.write(errorLine(idOf(line) ?? 'null', why, INVALID_REQUEST));
    }
    if (line.every((byte) => byte === 32 || byte === 9)) return;
    const message = peek(line);
    if (!this.#isWanted(message, line)) return;
    const parts = {
      links: this.#links,
      handshake: this.#handshake,
      output: this.#o.output,
      take: (each: Buffer, link: Link) => this.#fromServer(each, link),
      note: this.#o.note,
    };
    const exchange = new Exchange(parts, line, message);
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const done = exchange.run(resolve).finally(() => {
      this.#running.delete(exchange);
      for (const id of message.requests) if (this.#requests.get(id) === exchange) this.#requests.delete(id);
    });
    this.#running.set(exchange, done);
    for (const id of message.requests) this.#requests.set(id, exchange);
    // What follows an initialize needs its session; what follows a notification must not overtake it.
    const wait = message.requests.length === 0 || message.method === 'initialize';
    await (wait ? done : Promise.race([written, done]));
  }

  /** False for a message that is meant for the bridge itself, or that has no receiver any more. */
  #isWanted(message: Peeked, line: Buffer): boolean {
    const [answered] = message.answers;
    if (answered !== undefined && message.answers.length === 1 && message.requests.length === 0) {
      if (this.#asked.answered(answered)) return true;
      this.#o.note(`The answer to ${answered} came after the session that asked had ended.`);
      return false;
    }
    const cancelled = cancelledId(message, line);
    if (cancelled === undefined) return true;
    const exchange = this.#requests.get(cancelled);
    exchange?.cancel();
    // Without a session it cannot be about anything else.
    return exchange ? !exchange.modern : this.#handshake.known;
  }

  /** A notification or a question of the server. */
  async #fromServer(bytes: Buffer, link: Link): Promise<void> {
    const message = peek(bytes);
    this.#asked.heard(message.requests, link);
    const withdrawn = cancelledId(message, bytes);
    if (withdrawn !== undefined) this.#asked.withdrawn(withdrawn);
    await this.#o.output.write(bytes);
  }

  /** Tells the client that its answers are not waited for any more (MCP 2025-11-25, cancellation). */
  async #withdraw(ids: readonly string[]): Promise<void> {
    const reason = 'Drawbridge opened a new session.';
    for (const id of ids) {
      const params = `{"requestId":${id},"reason":${JSON.stringify(reason)}}`;
      await this.#o.output.write(
        Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`),
      );
    }
  }
}
