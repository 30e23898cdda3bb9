import type { Answer } from './answer.ts';
import { GatewayGone } from './gateway-http.ts';
import type { Handshake } from './handshake.ts';
import type { Link } from './link.ts';
import type { Links } from './links.ts';
import type { Output } from './output.ts';
import { pause } from './pause.ts';
import { errorLine, isRepeatable, modernVersion, type Peeked, peek } from './peek.ts';
import { explain, refusedAnswer } from './refused.ts';

export interface ExchangeParts {
  readonly links: Links;
  readonly handshake: Handshake;
  readonly output: Output;
  /** Takes a message of the server that came with the answer, and answers nothing. */
  readonly take: (message: Buffer, link: Link) => Promise<void>;
  readonly note: (text: string) => void;
}

/** How often a message is sent: a new core may end as well. */
const ATTEMPTS = 4;
/** How often a stream that breaks off, or that ends too early, is taken up without a single message between. */
const RESUMES = 3;
const EARLY_ENDS = 20;
const RETRY_MS = 1000;
const BROKEN_MS = 100;
const MAX_WAIT_MS = 30_000;
const LISTEN = 'subscriptions/listen';
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** The answer ended and left requests unanswered; `again` when the message may be sent once more. */
class Unanswered extends Error {
  readonly again: boolean;
  constructor(again: boolean, message: string) {
    super(message);
    this.again = again;
  }
}

/** One message of the client under way: sent, repeated where that is safe, and each of its requests answered once. */
export class Exchange {
  /** Aborts what is on the wire. */
  readonly controller = new AbortController();
  readonly modern: boolean;
  readonly listens: boolean;
  readonly #p: ExchangeParts;
  readonly #line: Buffer;
  readonly #message: Peeked;
  readonly #open: Set<string>;
  #ending: 'cancelled' | 'closed' | undefined;
  #acknowledged = false;

  constructor(parts: ExchangeParts, line: Buffer, message: Peeked) {
    this.#p = parts;
    this.#line = line;
    this.#message = message;
    this.#open = new Set(message.requests);
    this.modern = modernVersion(message) !== undefined;
    this.listens = this.modern && message.method === LISTEN;
  }

  /**
   * The client wants no answer any more. Closing the stream is how the modern era says so over HTTP (MCP 2026-07-28,
   * cancellation); the older one sends a message, and may still get its answer.
   */
  cancel(): void {
    this.#ending ??= 'cancelled';
    if (this.modern) this.controller.abort();
  }

  /** The bridge ends. */
  close(): void {
    this.#ending ??= 'closed';
    this.controller.abort();
  }

  /** Never rejects. @param written called when the whole message was handed to the operating system */
  async run(written: () => void): Promise<void> {
    try {
      await this.#deliver(written);
    } catch (error) {
      await this.#fail(error as Error);
    }
  }

  async #fail(error: Error): Promise<void> {
    const { output, note } = this.#p;
    if (this.#ending === 'cancelled') return;
    const closed = this.#ending === 'closed';
    const why = closed ? 'The client closed the connection before the answer came.' : explain(error);
    if (!this.#message.valid) return output.write(errorLine('null', why));
    if (this.#message.requests.length === 0) return note(why);
    const rest = [...this.#open];
    this.#open.clear();
    for (const id of rest) await output.write(closed && this.listens ? completed(id) : errorLine(id, why));
  }

  async #deliver(written: () => void): Promise<void> {
    const { signal } = this.controller;
    for (let attempt = 1; ; attempt++) {
      const link = await this.#link(attempt);
      signal.throwIfAborted();
      const { session } = link;
      const mayRepeat = this.listens || attempt < ATTEMPTS;
      try {
        const answer = await link.post(this.#line, this.#message, signal, written);
        // The session is unknown there, so the message was not looked at.
        const lostSession = answer.status === 404 && session !== undefined && !this.modern;
        if (lostSession && this.#p.handshake.known && mayRepeat && this.#message.method !== 'initialize') {
          answer.drop();
          link.lose();
          if (this.#message.answers.length > 0) throw new Error('The session that asked is gone.');
          continue;
        }
        await this.#relay(link, answer);
        return;
      } catch (error) {
        if (!mayRepeat || signal.aborted || !this.#mayGoAgain(error)) throw error;
        if (this.listens) await pause(Math.min(BROKEN_MS * 2 ** attempt, MAX_WAIT_MS), signal);
      }
    }
  }

  #mayGoAgain(error: unknown): boolean {
    if (error instanceof Unanswered) return error.again;
    if (!(error instanceof GatewayGone)) return false;
    // A message that was certainly never read may be sent again, but an answer only to the session that asked.
    return isRepeatable(this.#message) || (!error.sent && this.#message.answers.length === 0);
  }

  #link(attempt: number): Promise<Link> {
    const { links } = this.#p;
    const { signal } = this.controller;
    const { method, answers, requests } = this.#message;
    // A subscription is no reason to start a core that a person has stopped.
    if (this.listens && attempt > 1) return links.whenThere(signal);
    const link =
      method === 'initialize'
        ? links.forInitialize()
        : answers.length > 0 && requests.length === 0
          ? links.forAnswer()
          : links.forMessage();
    return orAborted(link, signal);
  }

  async #relay(link: Link, answer: Answer): Promise<void> {
    if (answer.status < 200 || answer.status > 299) {
      const open = [...this.#open];
      const lines = await refusedAnswer(answer, this.#message, open);
      this.#open.clear();
      for (const line of lines) await this.#p.output.write(line);
      return;
    }
    let from = answer;
    let fruitless = 0;
    for (;;) {
      let broken: GatewayGone | undefined;
      try {
        for await (const each of from.messages()) {
          fruitless = 0;
          await this.#heard(each, link);
        }
      } catch (error) {
        if (!(error instanceof GatewayGone)) throw error;
        broken = error;
      }
      if (this.controller.signal.aborted) throw this.controller.signal.reason;
      if (this.#open.size === 0) break;
      // No answer is due any more, so the end of the stream is the end of the exchange.
      if (this.#ending === 'cancelled') return;
      const next = await this.#resumed(link, from, broken, ++fruitless);
      if (!next) throw this.#unanswered(broken);
      from = next;
    }
    this.#delivered(link);
  }

  /** The same stream taken up after its last event (MCP 2025-11-25, transports, resumability); undefined where that cannot be. */
  async #resumed(
    link: Link,
    from: Answer,
    broken: GatewayGone | undefined,
    fruitless: number,
  ): Promise<Answer | undefined> {
    const { signal } = this.controller;
    const { lastId } = from;
    if (!broken && fruitless > EARLY_ENDS) return undefined;
    let wait = broken ? BROKEN_MS : (from.retry ?? RETRY_MS);
    for (
      let tries = broken ? fruitless : 1;
      lastId !== undefined && !this.modern && tries <= RESUMES;
      tries++
    ) {
      await pause(Math.min(wait, MAX_WAIT_MS), signal);
      if (link.dead || signal.aborted) return undefined;
      try {
        const answer = await link.open(lastId, signal);
        if (answer.status === 200 && answer.streams) {
          answer.lastId = lastId;
          answer.retry = from.retry;
          return answer;
        }
        answer.drop();
        if (answer.status === 404) link.lose();
        return undefined;
      } catch (error) {
        if (!(error instanceof GatewayGone)) throw error;
        wait *= 2;
      }
    }
    return undefined;
  }

  #unanswered(broken: GatewayGone | undefined): Error {
    if (broken) return broken;
    return new Unanswered(this.listens, 'Drawbridge ended its answer without a result. Its log says more.');
  }

  async #heard(each: Buffer, link: Link): Promise<void> {
    const heard = peek(each);
    if (!heard.valid) {
      const start = each.subarray(0, 200).toString('utf8');
      this.#p.note(`The gateway sent something that is no message: ${start}`);
      return;
    }
    if (heard.answers.length === 0 && heard.requests.length === 0 && heard.method === ACKNOWLEDGED) {
      // The client got this when it subscribed; it did not ask for the subscription that the bridge repeated.
      if (this.#acknowledged) return;
      this.#acknowledged = true;
    }
    if (heard.answers.length === 0) return this.#p.take(each, link);
    for (const id of heard.answers) this.#open.delete(id);
    if (this.#message.method === 'initialize' && !this.modern && link.negotiated(heard)) {
      this.#p.handshake.began(this.#line);
    }
    await this.#p.output.write(each);
  }

  #delivered(link: Link): void {
    this.#p.handshake.delivered(this.#line, this.#message);
    if (this.#message.method === 'notifications/initialized' && !this.modern) this.#p.links.listen(link);
  }
}

/** What a server says when it ends a subscription by itself (MCP 2026-07-28, subscriptions, graceful closure). */
function completed(id: string): Buffer {
  const meta = `{"io.modelcontextprotocol/subscriptionId":${id}}`;
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"resultType":"complete","_meta":${meta}}}`);
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const go = (): void => fail(signal.reason as Error);
    if (signal.aborted) go();
    signal.addEventListener('abort', go, { once: true });
    promise.then(done, fail).finally(() => signal.removeEventListener('abort', go));
  });
}
