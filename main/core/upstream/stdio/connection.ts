import { sentence, sentences } from '../../../../shared/text/sentences.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { type Line, LineSplitter, textOf } from '../../codec/wire/lines.ts';
import { ConnectionEnd } from '../connection-end.ts';
import { hintFor } from '../errors/end-hints.ts';
import type { Waiting } from '../errors/waiting-text.ts';
import { Inbox } from '../inbox.ts';
import type { LogRing } from '../log-ring.ts';
import {
  type CloseReason,
  type Receive,
  type SendOptions,
  type UpstreamConnection,
  type UpstreamDeps,
  UpstreamError,
  type UpstreamLimits,
} from '../types.ts';
import { ChildInput } from './child-input.ts';
import { ChildOutput } from './child-output.ts';
import { endGroup } from './process-group.ts';
import type { Child } from './start-child.ts';

export interface StdioOptions {
  readonly server: string;
  readonly child: Child;
  /** Told when it ends before it answers anything. */
  readonly note?: string | undefined;
  readonly ports: UpstreamDeps['ports'];
  readonly parse: UpstreamDeps['parse'];
  readonly limits: UpstreamLimits;
  readonly ring: LogRing;
  /** The child sent its first message. */
  readonly answered: () => void;
  /** Something it sent could not be used: a sentence for people. */
  readonly dropped: (text: string) => void;
  /** The answer to an initialize or a server/discover. */
  readonly greeted: (answer: RpcMessage) => void;
  /** Told once, when the child ended and its output was taken. */
  readonly ended: (reason: CloseReason, livedMs: number) => void;
}

/** How long output may still come after a child ended: a grandchild in a group of its own could hold the pipe forever. */
const LAST_OUTPUT_MS = 500;
/** The longest line of standard error that is kept. */
const STDERR_LINE = 64 * 1024;

/** A connection to a child process that speaks newline-framed JSON-RPC (MCP, transports, stdio, of either era). */
export class StdioConnection implements UpstreamConnection {
  readonly server: string;
  readonly pid: number;
  /** Resolves when no process of the child's group is left. */
  readonly gone: Promise<void>;
  readonly #o: StdioOptions;
  readonly #child: Child;
  readonly #inbox: Inbox;
  readonly #input: ChildInput;
  readonly #output: ChildOutput;
  readonly #startedAt: number;
  readonly #logFrom: number;
  readonly #ending = new ConnectionEnd();
  #exit: { code: number | null; signal: string | null } | undefined;
  /** Why it is of no more use, though it runs. */
  #broken: string | undefined;
  #closing: Promise<void> | undefined;
  #expected = false;
  #resolveGone: () => void = () => {};

  constructor(options: StdioOptions) {
    const { server, child, ports, parse, limits, ring } = options;
    this.#o = options;
    this.server = server;
    this.#child = child;
    this.pid = child.pid ?? -1;
    this.#startedAt = ports.clock.monotonic();
    this.#logFrom = ports.clock.now();
    this.gone = new Promise((done) => {
      this.#resolveGone = done;
    });
    this.#inbox = new Inbox((error) => ports.log('error', `receiving from ${server} failed`, error));
    this.#input = new ChildInput(child.stdin);
    this.#output = new ChildOutput({
      server,
      clock: ports.clock,
      stdout: child.stdout,
      parse,
      maxBytes: limits.messageBytes,
      ring,
      inbox: this.#inbox,
      answered: options.answered,
      dropped: options.dropped,
      endless: (why) => this.#break(why),
      idle: () => this.#finishIfOver(),
      closed: () => this.#breakUnlessOver(),
    });
    this.#watch();
  }

  #watch(): void {
    const { ring, child } = this.#o;
    const errors = new LineSplitter(STDERR_LINE);
    const note = (lines: Line[]): void => {
      for (const line of lines) ring.add('stderr', textOf(line));
    };
    child.stderr.on('data', (chunk: Buffer) => note(errors.push(chunk)));
    child.stderr.on('end', () => note(errors.end()));
    child.stderr.on('error', (error) => ring.add('event', `reading its errors failed: ${error.message}`));
    child.stdin.on('error', (error: NodeJS.ErrnoException) =>
      this.#break(`The server "${this.server}" no longer reads its input (${error.code ?? error.message}).`),
    );
    child.on('exit', (code, signal) => {
      this.#exit = { code, signal };
      // Before anyone listens nothing is read, so the output would never be over.
      if (!this.#closing) this.#closing = this.#end();
      this.#closeQuietOutput();
      this.#finishIfOver();
    });
  }

  /** After the child's end: what is still coming, or waits for a slow receiver, is taken; a silent pipe is closed. */
  #closeQuietOutput(): void {
    const before = this.#output.bytes;
    this.#o.ports.clock.after(LAST_OUTPUT_MS, () => {
      if (this.#output.waiting || this.#output.bytes > before) this.#closeQuietOutput();
      else this.#output.stop();
    });
  }

  /** Whether the child ever sent a message. */
  get answered(): boolean {
    return this.#output.answered;
  }

  get begun(): string {
    return this.#output.begun;
  }

  get waiting(): Waiting | undefined {
    return this.#output.open.longest;
  }

  onMessage(receive: Receive): void {
    this.#inbox.receive = receive;
  }

  onClose(closed: (reason: CloseReason) => void): void {
    this.#ending.listen(closed);
  }

  openStream(): void {}
  setProtocolVersion(): void {}

  async send(message: RpcMessage, { signal }: SendOptions = {}): Promise<void> {
    while (this.#input.full && !this.#over()) {
      await this.#input.full;
    }
    if (this.#over()) {
      const reason = this.#ending.reason?.message ?? this.#broken;
      throw new UpstreamError('unsent', reason ?? `The server "${this.server}" is being stopped.`);
    }
    if (signal?.aborted) throw new UpstreamError('unsent', 'The request was cancelled before it was sent.');
    if (message.kind === 'request' && message.id !== undefined) {
      this.#output.open.add(message);
      if (message.method === 'initialize' || message.method === 'server/discover')
        this.#inbox.watch(message.id, this.#o.greeted);
    }
    if (message.cancels !== undefined) this.#output.open.lapse(message.cancels);
    const full = this.#input.write(message.raw);
    if (full) await full;
  }

  async close(): Promise<void> {
    if (!this.#exit) this.#closing ??= this.#end(true);
    await this.gone;
    // What is still unread has no reader any more.
    this.#output.stop();
    this.#finish();
  }

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

  #break(why: string): void {
    if (this.#over()) return;
    this.#broken = why;
    this.#o.ring.add('event', why);
    this.#closing = this.#end();
  }

  /** A child that ends closes its output first; one that only does this can answer nothing any more. */
  #breakUnlessOver(): void {
    this.#o.ports.clock.after(LAST_OUTPUT_MS, () => {
      if (!this.#exit) this.#break(`The server "${this.server}" closed its output.`);
    });
  }

  #finishIfOver(): void {
    if (this.#exit && this.#output.done) this.#finish();
  }

  #finish(): void {
    if (this.#ending.reason) return;
    const lived = this.#o.ports.clock.monotonic() - this.#startedAt;
    const reason = { message: this.#why(lived), expected: this.#expected };
    this.#o.ended(reason, lived);
    this.#ending.end(reason);
  }

  #why(livedMs: number): string {
    if (this.#expected) return `The server "${this.server}" was stopped.`;
    const { ring, limits } = this.#o;
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const how = signal === null ? `with exit code ${code}` : `by signal ${signal}`;
    const broken = this.#broken;
    const tail = ring.tail(this.#logFrom);
    const ended = `The server "${this.server}" ended ${how}`;
    if (this.#output.answered) return sentences(sentence(ended), broken, tail);
    const soon = livedMs < limits.quickEndMs ? ' at once,' : '';
    const { note } = this.#o;
    const hint = note === undefined ? hintFor(code, ring.written(this.#logFrom)) : ` ${note}`;
    // A server that fails at once no longer reads either; that is not a separate reason.
    const reason = code === null || code === 0 ? broken : undefined;
    return sentences(`${ended}${soon} before it answered anything.`, hint, reason, tail);
  }
}
