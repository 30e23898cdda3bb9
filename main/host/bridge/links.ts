import { messageOf } from '../../../shared/base/message-of.ts';
import type { Asked } from './asked.ts';
import type { CoreFinder } from './find-core.ts';
import { GatewayGone } from './gateway-http.ts';
import type { Handshake } from './handshake.ts';
import { Link } from './link.ts';
import { keepListening } from './listen.ts';
import { pause } from './pause.ts';

export interface LinksOptions {
  /** Undefined: the endpoint that joins all servers of the client. */
  readonly server: string | undefined;
  readonly token: string;
  readonly maxBytes: number;
  /** How long a core that was there may take to come back before one is started, in milliseconds. */
  readonly patienceMs: number;
  readonly finder: CoreFinder;
  readonly handshake: Handshake;
  readonly asked: Asked;
  /** Aborted when the bridge ends. */
  readonly end: AbortSignal;
  readonly note: (text: string) => void;
  /** Takes a message of the server that answers none of the client's requests; awaited before more is read. */
  readonly take: (message: Buffer, link: Link) => Promise<void>;
  /** Called with the requests of the server that ended with their session. */
  readonly withdrawn: (ids: readonly string[]) => void;
}

const WATCH_MS = 1000;
const MAX_WATCH_MS = 30_000;

/** The one link that counts now, and the way to the next when it is lost. */
export class Links {
  readonly #o: LinksOptions;
  #link: Link | undefined;
  #linking: Promise<Link> | undefined;
  /** A link whose session is being opened again: only answers to its questions may go there yet. */
  #opening: Link | undefined;
  #watching = false;
  #seenCore = false;
  readonly #waiting = new Set<() => void>();

  constructor(options: LinksOptions) {
    this.#o = options;
    options.end.addEventListener('abort', () => {
      for (const go of [...this.#waiting]) go();
    });
  }

  /** The link there is, if it lives. */
  get now(): Link | undefined {
    return this.#link?.dead === false ? this.#link : undefined;
  }

  /**
   * The link for a message: the core is looked for, and started, when there is none.
   * @throws Error with a sentence for people
   */
  async forMessage(): Promise<Link> {
    return this.now ?? (await this.#connected(true));
  }

  /** The link on which the client opens a session of its own: the one before is ended, with its session. */
  async forInitialize(): Promise<Link> {
    let link = this.now ?? (await this.#connected(false));
    if (link.session !== undefined) {
      this.#end(link);
      await link.leave();
      link = this.now ?? (await this.#connected(false));
    }
    return link;
  }

  /** The link for an answer of the client to a question of the server. */
  async forAnswer(): Promise<Link> {
    return this.#opening?.dead === false ? this.#opening : this.forMessage();
  }

  /** Waits for a link without starting a core: for what only listens. Rejects when the signal is aborted. */
  async whenThere(signal: AbortSignal): Promise<Link> {
    for (;;) {
      if (signal.aborted || this.#o.end.aborted) throw new Error('Nobody waits any more.');
      const { now } = this;
      if (now) return now;
      await new Promise<void>((done) => {
        const go = (): void => {
          this.#waiting.delete(go);
          signal.removeEventListener('abort', go);
          done();
        };
        this.#waiting.add(go);
        signal.addEventListener('abort', go);
        this.#watch();
      });
    }
  }

  /** Keeps the stream for what belongs to no request open on a link. */
  listen(link: Link): void {
    keepListening(link, (each) => this.#o.take(each, link)).catch((error: Error) =>
      this.#o.note(`The gateway's stream failed: ${error.message}`),
    );
  }

  #connected(resume: boolean): Promise<Link> {
    this.#linking ??= this.#connect(resume).finally(() => {
      this.#linking = undefined;
    });
    return this.#linking;
  }

  /** @param resume whether the client's session is opened again; not when it is about to open one itself */
  async #connect(resume: boolean): Promise<Link> {
    const { finder, handshake, end, take, note } = this.#o;
    const core = await finder.find(this.#seenCore ? this.#o.patienceMs : 0);
    this.#seenCore = true;
    const link: Link = new Link({
      gateway: core.gateway,
      server: this.#o.server,
      token: this.#o.token,
      maxBytes: this.#o.maxBytes,
      lost: () => {
        this.#end(link);
        this.#watch();
      },
      note,
    });
    if (resume && handshake.known) {
      this.#opening = link;
      try {
        await handshake.repeat(link, end, (each) => take(each, link));
      } catch (error) {
        this.#end(link);
        await link.leave();
        if (!(error instanceof GatewayGone)) throw error;
        // The message that needs this link was not sent.
        throw new GatewayGone(false, error.message);
      } finally {
        this.#opening = undefined;
      }
      if (handshake.complete) this.listen(link);
    }
    this.#link = link;
    for (const go of [...this.#waiting]) go();
    return link;
  }

  #end(link: Link): void {
    const ids = this.#o.asked.ended(link);
    if (ids.length > 0) this.#o.withdrawn(ids);
  }

  /** While the client says nothing, looks for a core that comes back, so that its messages flow again. Starts none. */
  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    void this.#keepWatch().finally(() => {
      this.#watching = false;
    });
  }

  async #keepWatch(): Promise<void> {
    const { finder, handshake, end, note } = this.#o;
    let wait = WATCH_MS;
    while (!end.aborted && !this.now && (handshake.complete || this.#waiting.size > 0)) {
      await pause(wait, end);
      if (end.aborted || this.#linking) continue;
      try {
        if (await finder.running()) await this.#connected(true);
        wait = WATCH_MS;
      } catch (error) {
        note(messageOf(error));
        wait = Math.min(wait * 2, MAX_WATCH_MS);
      }
    }
  }
}
