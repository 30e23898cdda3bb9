import type { RpcMessage } from '../codec/types.ts';
import { Inbox, messagesOf } from './inbox.ts';
import { asOneLine, idOf, type Line, LineSplitter, TooLong } from './lines.ts';
import type { LogRing } from './log-ring.ts';
import { ownError } from './messages.ts';
import { endGroup } from './process-group.ts';
import type { Child } from './start-child.ts';
import {
  type CloseReason,
  type Receive,
  type SendOptions,
  type UpstreamConnection,
  type UpstreamDeps,
  UpstreamError,
  type UpstreamLimits,
} from './types.ts';

export interface StdioOptions {
  readonly server: string;
  readonly child: Child;
  readonly ports: UpstreamDeps['ports'];
  readonly parse: UpstreamDeps['parse'];
  readonly limits: UpstreamLimits;
  readonly ring: LogRing;
  /** The child sent its first message. */
  readonly answered: () => void;
  /** The answer to an initialize or a server/discover. */
  readonly greeted: (answer: RpcMessage) => void;
  /** Told once, when the child ended and its output was taken. */
  readonly ended: (reason: CloseReason, livedMs: number) => void;
}

/** How long output may still come after a child ended: a grandchild in a group of its own could hold the pipe for ever. */
const LAST_OUTPUT_MS = 500;
/** Messages up to this size are written in one piece with their line feed. */
const ONE_PIECE = 16 * 1024;
/** The longest line of standard error that is kept. */
const STDERR_LINE = 64 * 1024;
/** A line so many times as long as a message may be is taken for one without an end. */
const ENDLESS = 4;
const NOTHING = Buffer.alloc(0);

/** A connection to a child process that speaks newline-framed JSON-RPC (MCP 2025-11-25, transports, stdio). */
export class StdioConnection implements UpstreamConnection {
  readonly server: string;
  readonly pid: number;
  /** Resolves when no process of the child's group is left. */
  readonly gone: Promise<void>;
  readonly #o: StdioOptions;
  readonly #child: Child;
  readonly #inbox: Inbox;
  readonly #lines: LineSplitter;
  readonly #startedAt: number;
  readonly #logFrom: number;
  /** Raw ids of requests sent and not answered. */
  readonly #open = new Set<string>();
  #queue: Line[] = [];
  #pumping = false;
  #outputOver = false;
  /** Bytes of output read so far. */
  #read = 0;
  #exit: { code: number | null; signal: string | null } | undefined;
  /** Why it is of no more use, though it runs. */
  #broken: string | undefined;
  /** Of a line that is coming in and too long already: whether its request was answered with an error. */
  #long: 'refused' | 'unknown' | undefined;
  #answered = false;
  #closing: Promise<void> | undefined;
  #reason: CloseReason | undefined;
  #onClose: ((reason: CloseReason) => void) | undefined;
  #writable: Promise<void> | undefined;
  #gathering = false;
  #resolveGone: () => void = () => {};

  constructor(options: StdioOptions) {
    this.#o = options;
    this.server = options.server;
    this.#child = options.child;
    this.pid = options.child.pid ?? -1;
    this.#startedAt = options.ports.clock.monotonic();
    this.#logFrom = options.ports.clock.now();
    this.#lines = new LineSplitter(options.limits.messageBytes);
    this.#inbox = new Inbox((error) =>
      options.ports.log('error', `receiving from ${this.server} failed`, error),
    );
    this.gone = new Promise((done) => {
      this.#resolveGone = done;
    });
    this.#watch();
  }

  #watch(): void {
    const { ring } = this.#o;
    const { stdin, stdout, stderr } = this.#child;
    const errors = new LineSplitter(STDERR_LINE);
    const note = (lines: Line[]): void => {
      for (const line of lines) ring.add('stderr', textOf(line));
    };
    stderr.on('data', (chunk: Buffer) => note(errors.push(chunk)));
    stderr.on('end', () => note(errors.end()));
    stderr.on('error', (error) => ring.add('event', `reading its errors failed: ${error.message}`));
    stdin.on('error', (error) => this.#inputFailed(error));
    stdout.on('error', (error) => ring.add('event', `reading its output failed: ${error.message}`));
    this.#inbox.whenSet(() =>
      stdout.on('data', (chunk: Buffer) => {
        this.#read += chunk.length;
        this.#feed(this.#lines.push(chunk));
        const long = this.#lines.unfinished;
        if (long) this.#unfinished(long);
      }),
    );
    stdout.on('close', () => {
      this.#feed(this.#lines.end().filter((line) => !this.#cutOff(line)));
      this.#outputOver = true;
      this.#finishIfOver();
    });
    this.#child.on('exit', (code, signal) => {
      this.#exit = { code, signal };
      // Before anyone listens nothing is read, so the output would never be over.
      if (!this.#closing) this.#closing = this.#end();
      this.#closeQuietOutput();
      this.#finishIfOver();
    });
  }

  /** After the child's end: what is still coming, or waits for a slow receiver, is taken; a silent pipe is closed. */
  #closeQuietOutput(): void {
    const before = this.#read;
    this.#o.ports.clock.after(LAST_OUTPUT_MS, () => {
      if (this.#pumping || this.#read > before) this.#closeQuietOutput();
      else this.#child.stdout.destroy();
    });
  }

  onMessage(receive: Receive): void {
    this.#inbox.receive = receive;
  }

  onClose(closed: (reason: CloseReason) => void): void {
    this.#onClose = closed;
    const reason = this.#reason;
    if (reason) queueMicrotask(() => closed(reason));
  }

  openStream(): void {}
  setProtocolVersion(): void {}

  async send(message: RpcMessage, { signal }: SendOptions = {}): Promise<void> {
    while (this.#writable && !this.#over()) {
      await this.#writable;
    }
    if (this.#over()) {
      const why = this.#reason?.message ?? this.#broken ?? `The server "${this.server}" is being stopped.`;
      throw new UpstreamError('unsent', why);
    }
    if (signal?.aborted) throw new UpstreamError('unsent', 'The request was cancelled before it was sent.');
    if (message.kind === 'request' && message.id !== undefined) {
      this.#open.add(message.id);
      if (message.method === 'initialize' || message.method === 'server/discover')
        this.#inbox.watch(message.id, this.#o.greeted);
    }
    const { stdin } = this.#child;
    this.#gather();
    const line = asOneLine(message.raw);
    if (line.length > ONE_PIECE) stdin.write(line);
    // As one text of single bytes, which Node writes without any vector or copy of its own: half the price for a small line.
    const free =
      line.length > ONE_PIECE ? stdin.write('\n') : stdin.write(`${line.toString('latin1')}\n`, 'latin1');
    if (free) return;
    this.#writable = new Promise((done) => {
      const go = (): void => {
        stdin.off('drain', go).off('close', go);
        this.#writable = undefined;
        done();
      };
      stdin.on('drain', go).on('close', go);
    });
    await this.#writable;
  }

  /** What is sent in one turn, such as all calls that waited for one commit of the audit, is written at once. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const { stdin } = this.#child;
    stdin.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stdin.uncork();
    });
  }

  async close(): Promise<void> {
    if (!this.#exit) this.#closing ??= this.#end(true);
    await this.gone;
    // What is still unread has no reader any more.
    this.#child.stdout.destroy();
    this.#finish();
  }

  #expected = false;
  async #end(expected = false): Promise<void> {
    this.#expected = expected;
    const { ports, limits } = this.#o;
    await endGroup(this.#child, {
      clock: ports.clock,
      platform: ports.machine.platform,
      stepMs: limits.stopStepMs,
    });
    this.#resolveGone();
  }

  #over(): boolean {
    return this.#closing !== undefined || this.#broken !== undefined;
  }

  #inputFailed(error: NodeJS.ErrnoException): void {
    if (this.#over()) return;
    this.#broken = `The server "${this.server}" no longer reads its input (${error.code ?? error.message}).`;
    this.#o.ring.add('event', this.#broken);
    this.#closing = this.#end();
  }

  #feed(lines: Line[]): void {
    for (const line of lines) this.#queue.push(line);
    if (!this.#pumping) this.#pump();
  }

  /** Takes lines until the receiver asks to wait; reading goes on when it has taken what it has. */
  #pump(): void {
    const { stdout } = this.#child;
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
    if (this.#pumping) {
      this.#pumping = false;
      stdout.resume();
    }
    this.#finishIfOver();
  }

  #deliver(line: Line): Promise<void> | undefined {
    if (line instanceof TooLong) return this.#tooLong(line);
    if (isBlank(line)) return undefined;
    const taken = messagesOf(this.#o.parse(line));
    if ('fault' in taken) {
      const { id, message } = taken.fault;
      this.#o.ring.add('stdout', textOf(line));
      if (id === undefined || !this.#open.delete(id)) return undefined;
      const why = `The server "${this.server}" sent an answer that is not valid: ${message}`;
      return this.#inbox.put(ownError(id, why), undefined);
    }
    if (!this.#answered) {
      this.#answered = true;
      this.#o.answered();
    }
    for (const message of taken.messages) {
      if (message.kind === 'response' && message.id !== undefined) this.#open.delete(message.id);
    }
    const [only] = taken.messages;
    return taken.messages.length === 1 && only
      ? this.#inbox.put(only, undefined)
      : this.#inbox.putAll(taken.messages, undefined);
  }

  /** Whether a last line is half a message: how the child ended says more than what is wrong with that. */
  #cutOff(line: Line): boolean {
    if (line instanceof TooLong || isBlank(line) || this.#o.parse(line).ok) return false;
    this.#o.ring.add('stdout', textOf(line));
    return true;
  }

  /** A line over the limit whose end has not come: nobody waits for that where its request is known, nor for ever. */
  #unfinished(line: TooLong): void {
    const { messageBytes } = this.#o.limits;
    if (line.bytes > messageBytes * ENDLESS) {
      if (this.#over()) return;
      this.#broken = `The server "${this.server}" sent a message of more than ${messageBytes * ENDLESS} bytes without an end and was stopped.`;
      this.#o.ring.add('event', this.#broken);
      this.#closing = this.#end();
      this.#child.stdout.destroy();
      void this.#refuse([...this.#open], this.#broken);
      return;
    }
    if (this.#long !== undefined) return;
    // What came last so far may be anything; only the beginning says whose answer it is.
    const id = idOf(new TooLong(line.bytes, line.head, NOTHING));
    this.#long = id !== undefined && this.#open.has(id) ? 'refused' : 'unknown';
    if (this.#long === 'refused')
      void this.#refuse([id as string], this.#oversized(`more than ${messageBytes}`));
  }

  #oversized(bytes: number | string): string {
    return `The server "${this.server}" sent a message of ${bytes} bytes; at most ${this.#o.limits.messageBytes} are taken.`;
  }

  #refuse(ids: readonly string[], why: string): Promise<void> {
    for (const id of ids) this.#open.delete(id);
    return this.#inbox.putAll(
      ids.map((id) => ownError(id, why)),
      undefined,
    );
  }

  /** Answers the request an oversized message belonged to, or every open one where that cannot be told. */
  #tooLong(line: TooLong): Promise<void> | undefined {
    const why = this.#oversized(line.bytes);
    this.#o.ring.add('event', why);
    const refused = this.#long === 'refused';
    this.#long = undefined;
    if (refused) return undefined;
    const found = idOf(line);
    return this.#refuse(found !== undefined && this.#open.has(found) ? [found] : [...this.#open], why);
  }

  #finishIfOver(): void {
    if (this.#exit && this.#outputOver && !this.#pumping) this.#finish();
  }

  #finish(): void {
    if (this.#reason) return;
    const lived = this.#o.ports.clock.monotonic() - this.#startedAt;
    const reason = { message: this.#why(lived), expected: this.#expected };
    this.#reason = reason;
    this.#o.ended(reason, lived);
    this.#onClose?.(reason);
  }

  #why(livedMs: number): string {
    if (this.#expected) return `The server "${this.server}" was stopped.`;
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const how = signal === null ? `with exit code ${code}` : `by signal ${signal}`;
    const when = this.#answered
      ? ''
      : livedMs < this.#o.limits.quickEndMs
        ? ' at once, before it answered anything'
        : ' before it answered anything';
    const broken = this.#broken ? ` ${this.#broken}` : '';
    return `The server "${this.server}" ended ${how}${when}.${broken}${this.#o.ring.tail(this.#logFrom)}`;
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  return true;
}

function textOf(line: Line): string {
  if (!(line instanceof TooLong)) return line.toString('utf8');
  return `${line.head.toString('utf8')} … (${line.bytes} bytes)`;
}
