import type { Readable } from 'node:stream';
import { idOf, type Line, LineSplitter, TooLong, textOf, withoutMark } from '../../codec/wire/lines.ts';
import type { Clock } from '../../ports.ts';
import { type Inbox, messagesOf } from '../inbox.ts';
import type { LogRing } from '../log-ring.ts';
import { ownError } from '../messages.ts';
import { OpenRequests } from '../open-requests.ts';
import type { UpstreamDeps } from '../types.ts';
import { SpreadMessage } from './spread-message.ts';

/** A line so many times as long as a message may be is taken for one without an end. */
const ENDLESS = 4;
const NOTHING = Buffer.alloc(0);

export interface ChildOutputOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly server: string;
  readonly stdout: Readable;
  readonly parse: UpstreamDeps['parse'];
  /** The longest message that is taken. */
  readonly maxBytes: number;
  readonly ring: LogRing;
  readonly inbox: Inbox;
  /** The first message came. */
  readonly answered: () => void;
  /** A line without an end comes: the child is of no more use. */
  readonly endless: (why: string) => void;
  /** Something it sent could not be used: a sentence for people. */
  readonly dropped: (text: string) => void;
  /** Nothing more comes, or everything that came was taken. */
  readonly idle: () => void;
  /** Nothing more can come. */
  readonly closed: () => void;
}

/** Reads the messages of a child, one a line, as fast as the receiver takes them; anything else goes into the log. */
export class ChildOutput {
  /** Requests sent and not answered. */
  readonly open: OpenRequests;
  readonly #o: ChildOutputOptions;
  readonly #lines: LineSplitter;
  readonly #spread: SpreadMessage;
  #queue: Line[] = [];
  #pumping = false;
  #over = false;
  #bytes = 0;
  #answered = false;
  /** Of a line that is coming in and too long already: whether its request was answered with an error. */
  #long: 'refused' | 'unknown' | undefined;

  constructor(options: ChildOutputOptions) {
    const { stdout, ring, inbox, maxBytes } = options;
    this.#o = options;
    this.open = new OpenRequests({
      clock: options.clock,
      note: (text) => ring.add('event', text),
      dropped: options.dropped,
    });
    this.#lines = new LineSplitter(maxBytes);
    this.#spread = new SpreadMessage(maxBytes);
    stdout.on('error', (error) => ring.add('event', `reading its output failed: ${error.message}`));
    inbox.whenSet(() => stdout.on('data', (chunk: Buffer) => this.#take(chunk)));
    stdout.on('close', () => {
      const last = [...this.#spread.flush(), ...this.#lines.end()];
      this.#enqueue(last.filter((line) => !this.#cutOff(line)));
      this.#over = true;
      this.#o.idle();
      this.#o.closed();
    });
  }

  /** Whether a message came. */
  get answered(): boolean {
    return this.#answered;
  }
  /** The beginning of a line whose end has not come. */
  get begun(): string {
    return this.#lines.begun.toString('utf8').trim();
  }
  /** Bytes read so far. */
  get bytes(): number {
    return this.#bytes;
  }
  /** Whether what was read waits for the receiver. */
  get waiting(): boolean {
    return this.#pumping;
  }
  /** Whether all there is was read and taken. */
  get done(): boolean {
    return this.#over && !this.#pumping;
  }

  /** What is unread, and still comes, is not read. */
  stop(): void {
    this.#o.stdout.destroy();
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#feed(this.#lines.push(chunk));
    const long = this.#lines.unfinished;
    if (long) this.#unfinished(long);
  }

  #feed(lines: Line[]): void {
    this.#enqueue(lines.flatMap((line) => this.#spread.push(line)));
  }

  #enqueue(lines: Line[]): void {
    for (const line of lines) this.#queue.push(line);
    if (!this.#pumping) this.#pump();
  }

  /** Takes lines until the receiver asks to wait; reading goes on when it has taken what it has. */
  #pump(): void {
    const { stdout, idle } = this.#o;
    for (let at = 0; at < this.#queue.length; at++) {
      const wait = this.#deliver(this.#queue[at] as Line);
      if (!wait) continue;
      this.#queue.splice(0, at + 1);
      this.#pumping = true;
      stdout.pause();
      void wait.then(() => this.#pump());
      return;
    }
    this.#queue = [];
    if (!this.#pumping) return;
    this.#pumping = false;
    stdout.resume();
    idle();
  }

  #deliver(line: Line): Promise<void> | undefined {
    if (line instanceof TooLong) return this.#tooLong(line);
    return isBlank(line) ? undefined : this.#message(this.#answered ? line : withoutMark(line));
  }

  #message(line: Buffer): Promise<void> | undefined {
    const { server, parse, ring, inbox, answered } = this.#o;
    const taken = messagesOf(parse(line));
    if ('fault' in taken) {
      const rescued = this.open.rescue(line, parse);
      if (rescued) return inbox.put(rescued, undefined);
      const { id: given, message } = taken.fault;
      const id = given === undefined ? undefined : this.open.find(given, undefined, false);
      ring.add('stdout', textOf(line));
      if (id === undefined || !this.open.delete(id)) return undefined;
      const why = `The server "${server}" sent an answer that is not valid: ${message}`;
      return inbox.put(ownError(id, why), undefined);
    }
    if (!this.#answered) {
      this.#answered = true;
      answered();
    }
    const [only] = taken.messages;
    if (taken.messages.length > 1 || !only)
      return inbox.putAll(this.open.matchAll(taken.messages), undefined);
    return inbox.put(only.kind === 'response' ? this.open.match(only) : only, undefined);
  }

  /** Whether a last line is half a message: how the child ended says more than what is wrong with that. */
  #cutOff(line: Line): boolean {
    if (line instanceof TooLong || isBlank(line) || this.#o.parse(line).ok) return false;
    this.#o.ring.add('stdout', textOf(line));
    return true;
  }

  /** A line over the limit without an end yet: not waited for where its request is known, and never forever. */
  #unfinished(line: TooLong): void {
    const { server, maxBytes, endless } = this.#o;
    if (line.bytes > maxBytes * ENDLESS) {
      const why = `The server "${server}" sent a message of more than ${maxBytes * ENDLESS} bytes without an end and was stopped.`;
      endless(why);
      this.stop();
      void this.#refuse(this.open.ids, why);
      return;
    }
    if (this.#long !== undefined) return;
    // What came last so far may be anything; only the beginning says whose answer it is.
    const id = idOf(new TooLong(line.bytes, line.head, NOTHING));
    this.#long = id !== undefined && this.open.has(id) ? 'refused' : 'unknown';
    if (this.#long === 'refused') void this.#refuse([id as string], this.#oversized(`more than ${maxBytes}`));
  }

  /** Answers the request an oversized message belonged to, or every open one where that is not known. */
  #tooLong(line: TooLong): Promise<void> | undefined {
    const why = this.#oversized(line.bytes);
    this.#o.ring.add('event', why);
    const refused = this.#long === 'refused';
    this.#long = undefined;
    if (refused) return undefined;
    const found = idOf(line);
    return this.#refuse(found !== undefined && this.open.has(found) ? [found] : this.open.ids, why);
  }

  #oversized(bytes: number | string): string {
    const { server, maxBytes } = this.#o;
    return `The server "${server}" sent a message of ${bytes} bytes; at most ${maxBytes} are taken.`;
  }

  #refuse(ids: readonly string[], why: string): Promise<void> {
    for (const id of ids) this.open.delete(id);
    return this.#o.inbox.putAll(
      ids.map((id) => ownError(id, why)),
      undefined,
    );
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  return true;
}
