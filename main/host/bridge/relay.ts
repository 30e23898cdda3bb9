import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { asOneLine, idOf, type Line, LineSplitter, TooLong } from '../../core/upstream/lines.ts';
import type { CoreFinder } from './find-core.ts';
import { GatewayGone } from './gateway-http.ts';
import { Handshake, refusal } from './handshake.ts';
import { Link } from './link.ts';
import type { Output } from './output.ts';
import { errorLine, isObject, type Peeked, peek } from './peek.ts';

export interface RelayOptions {
  readonly server: string;
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

const WATCH_MS = 1000;
const METHOD_NOT_FOUND = -32601;

/** Relays messages between a client's pipe and the gateway. Every request gets an answer, whatever fails. */
export class Relay {
  readonly #o: RelayOptions;
  readonly #handshake = new Handshake();
  readonly #end = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #link: Link | undefined;
  #linking: Promise<Link> | undefined;
  #watcher: NodeJS.Timeout | undefined;
  #seenCore = false;
  #stopping: Promise<void> | undefined;
  /** Rejects when the bridge ends: nothing waits for a core then. */
  readonly #ended: Promise<never>;

  constructor(options: RelayOptions) {
    this.#o = options;
    this.#ended = new Promise((_, fail) => {
      this.#end.signal.addEventListener('abort', () => fail(new Error('the bridge is ending')));
    });
    this.#ended.catch(() => {});
  }

  /** Resolves when the client has closed its end and the session is ended. */
  async run(): Promise<void> {
    const lines = new LineSplitter(this.#o.maxBytes);
    try {
      for await (const chunk of this.#o.stdin as AsyncIterable<Buffer>) {
        for (const line of lines.push(Buffer.from(chunk))) await this.#take(line);
      }
      for (const line of lines.end()) await this.#take(line);
    } catch (error) {
      if (!this.#end.signal.aborted)
        this.#o.note(`Reading from the client failed: ${(error as Error).message}`);
    }
    await this.#runOut();
    await this.stop();
  }

  /** Ends the session at once: the client is gone or we are told to end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#watcher);
    this.#o.stdin.destroy();
    const link = this.#link;
    this.#end.abort();
    await Promise.all([...this.#running]);
    await link?.leave();
    await this.#o.output.flush();
  }

  /** Lets calls end that the client may still be waiting for (a script that writes, closes and then reads). */
  async #runOut(): Promise<void> {
    const until = Date.now() + this.#o.graceMs;
    while (this.#running.size > 0 && (this.#o.finder.busy || Date.now() < until)) {
      await Promise.race([...this.#running, new Promise((done) => setTimeout(done, 50))]);
    }
  }

  /** Resolves when the next message may be sent: a request was written, anything else was taken by the gateway. */
  async #take(line: Line): Promise<void> {
    if (line instanceof TooLong) {
      const why = `The message has ${line.bytes} bytes; at most ${this.#o.maxBytes} are taken.`;
      await this.#o.output.write(errorLine(idOf(line) ?? 'null', why, -32600));
      return;
    }
    if (line.every((byte) => byte === 32 || byte === 9)) return;
    const message = peek(line);
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const done = this.#send(line, message, resolve);
    this.#running.add(done);
    void done.then(() => this.#running.delete(done));
    // What follows an initialize needs its session; what follows a notification must not overtake it.
    const wait = message.requests.length === 0 || message.method === 'initialize';
    await (wait ? done : Promise.race([written, done]));
  }

  async #send(line: Buffer, message: Peeked, written: () => void): Promise<void> {
    const open = new Set(message.requests);
    try {
      await this.#deliver(line, message, open, written);
    } catch (error) {
      const why = this.#end.signal.aborted
        ? 'The client closed the connection before the answer came.'
        : this.#explain(error as Error);
      if (open.size === 0) this.#o.note(why);
      for (const id of open) await this.#o.output.write(errorLine(id, why));
    }
  }

  #explain(error: Error): string {
    if (!(error instanceof GatewayGone)) return error.message;
    return error.sent
      ? 'Drawbridge stopped while this request was running, so its result is lost; a tool may have run. Check before trying again.'
      : `Drawbridge cannot be reached (${error.message}). Open Drawbridge and try again.`;
  }

  async #deliver(line: Buffer, message: Peeked, open: Set<string>, written: () => void): Promise<void> {
    for (let last = false; ; last = true) {
      const fresh = message.method === 'initialize';
      // A client that initializes again starts over: with a session and a stream of its own.
      if (fresh && this.#link?.session !== undefined && !this.#link.dead) await this.#link.leave();
      const link = await this.#linked(fresh);
      const { session } = link;
      let answer: IncomingMessage;
      try {
        answer = await link.post(line, message, written);
      } catch (error) {
        // A call may have run; anything else does no harm when it is said again.
        const again = error instanceof GatewayGone && (!error.sent || message.method !== 'tools/call');
        if (again && message.valid && !last && !this.#end.signal.aborted) continue;
        throw error;
      }
      if (answer.statusCode === 404 && session !== undefined && this.#handshake.known && !last) {
        // The session is unknown there, so the message was not looked at: open a new one and send it again.
        answer.resume();
        link.lose();
        continue;
      }
      await this.#relay(link, answer, line, message, open);
      return;
    }
  }

  async #relay(
    link: Link,
    answer: IncomingMessage,
    line: Buffer,
    message: Peeked,
    open: Set<string>,
  ): Promise<void> {
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) return this.#refused(link, answer, message, open);
    for await (const each of link.messages(answer)) {
      const heard = peek(each);
      if (!heard.valid) {
        this.#o.note(
          `The gateway sent something that is no message: ${each.subarray(0, 200).toString('utf8')}`,
        );
        continue;
      }
      for (const id of heard.answers) open.delete(id);
      if (message.method === 'initialize' && heard.answers.length > 0 && link.negotiated(heard)) {
        this.#handshake.began(line);
      }
      await this.#o.output.write(each);
    }
    if (open.size > 0) throw new Error('Drawbridge ended its answer without a result. Its log says more.');
    this.#handshake.delivered(line, message);
    if (message.method === 'notifications/initialized') this.#listen(link);
  }

  /** An HTTP error: its JSON-RPC body is the answer, under the id of the request; anything else is put into words. */
  async #refused(link: Link, answer: IncomingMessage, message: Peeked, open: Set<string>): Promise<void> {
    const status = answer.statusCode ?? 0;
    const parts: Buffer[] = [];
    for await (const each of link.messages(answer)) parts.push(each);
    const body = Buffer.concat(parts);
    const said = peek(body);
    const [id] = message.requests;
    if (!message.valid && said.valid) {
      await this.#o.output.write(body);
      return;
    }
    if (!message.valid) open.add('null');
    else if (id === undefined) {
      const error = said.members.error;
      throw new Error(isObject(error) ? String(error.message) : refusal(status));
    }
    if (said.valid && open.size === 1 && id !== undefined && status !== 401) {
      open.clear();
      const { error } = said.members;
      const own = said.answers.includes(id) || !isObject(error);
      await this.#o.output.write(
        own ? body : Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`),
      );
      return;
    }
    // A client that asks for the modern era first goes on with initialize when the method is unknown.
    const discover = message.method === 'server/discover' && status !== 401 && status !== 403;
    const rest = [...open];
    open.clear();
    for (const each of rest) {
      const line = discover
        ? errorLine(each, 'Method not found', METHOD_NOT_FOUND)
        : errorLine(each, refusal(status));
      await this.#o.output.write(line);
    }
  }

  #listen(link: Link): void {
    link.listen((each) => this.#o.output.write(asOneLine(each)));
  }

  /** @param fresh the client itself opens a session, so none is opened for it */
  async #linked(fresh: boolean): Promise<Link> {
    if (this.#link && !this.#link.dead) return this.#link;
    this.#linking ??= this.#connect(fresh).finally(() => {
      this.#linking = undefined;
    });
    return Promise.race([this.#linking, this.#ended]);
  }

  async #connect(fresh: boolean): Promise<Link> {
    const core = await this.#o.finder.find(this.#seenCore ? this.#o.patienceMs : 0);
    this.#seenCore = true;
    const link = new Link({
      gateway: core.gateway,
      server: this.#o.server,
      token: this.#o.token,
      maxBytes: this.#o.maxBytes,
      signal: this.#end.signal,
      lost: () => this.#watch(),
      note: this.#o.note,
    });
    if (!fresh && this.#handshake.known) {
      await this.#handshake.repeat(link);
      if (this.#handshake.complete) this.#listen(link);
    }
    clearInterval(this.#watcher);
    this.#watcher = undefined;
    this.#link = link;
    return link;
  }

  /** While the client says nothing, looks for a core that comes back, so that its messages flow again. Starts none. */
  #watch(): void {
    if (this.#watcher || this.#end.signal.aborted || !this.#handshake.complete) return;
    this.#watcher = setInterval(() => {
      if (this.#linking) return;
      this.#o.finder
        .running()
        .then(async (core) => {
          if (core) await this.#linked(false);
        })
        .catch((error: Error) => this.#o.note(error.message));
    }, WATCH_MS);
    this.#watcher.unref();
  }
}
