import type { Clock } from '../ports.ts';
import { LATE_MS, unfinishedText, waitingText } from './errors/waiting-text.ts';
import type { CloseReason, ServerHealth, UpstreamConnection, UpstreamError } from './types.ts';

/** How often to check whether a server keeps a client waiting, ms. */
const LOOK_MS = 15_000;

/** How one server is: its connections, and what went wrong last. */
export class ServerState {
  readonly #changed: () => void;
  readonly #connections = new Set<UpstreamConnection>();
  /** Connections that took a message from the server. */
  readonly #proven = new Set<UpstreamConnection>();
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly #output: () => string;
  #starting = 0;
  #startingSince = 0;
  /** Set while another check is due. */
  #looking: (() => void) | undefined;
  #problem: { status: 'failed' | 'signin'; text: string } | undefined;
  /** Something about a server that runs. */
  #remark: string | undefined;
  #shown = '';

  /**
   * @param changed called for real changes only
   * @param output what the server wrote last, as a sentence
   */
  constructor(changed: () => void, clock: Pick<Clock, 'after' | 'monotonic'>, output: () => string) {
    this.#changed = changed;
    this.#clock = clock;
    this.#output = output;
  }

  health(): ServerHealth {
    const connections = this.#connections.size;
    const at = (status: ServerHealth['status'], text: string | null | undefined = null): ServerHealth => ({
      status,
      text: text ?? null,
      connections,
    });
    if (this.#problem) return at(this.#problem.status, this.#problem.text);
    const late = this.#late();
    const more = late && { lateMs: late.ms };
    const text = late && waitingText(late.method, late.ms, this.#lastOutput());
    if (this.#proven.size > 0) return { ...at('running', text ?? this.#remark), ...more };
    return { ...at(this.#starting > 0 || connections > 0 ? 'starting' : 'idle', text), ...more };
  }

  #lastOutput(): string {
    const begun = [...this.#connections].find((connection) => connection.begun)?.begun;
    return begun ? unfinishedText(begun) : this.#output();
  }

  /** The longest wait, where it is too long. */
  #late(): { ms: number; method: string | undefined } | undefined {
    const now = this.#clock.monotonic();
    const all = [...this.#connections].flatMap(({ waiting }) => (waiting ? [waiting] : []));
    const starting = this.#starting > 0 ? [{ method: undefined, since: this.#startingSince }] : [];
    const [longest] = [...all, ...starting].sort((a, b) => a.since - b.since);
    if (!longest || now - longest.since < LATE_MS) return undefined;
    // In whole minutes, so that the state does not change more often than its text.
    const ms = Math.floor((now - longest.since) / LATE_MS) * LATE_MS;
    return { ms, method: longest.method };
  }

  /** Runs `open` as a start under way. */
  async starting<T>(open: () => Promise<T>): Promise<T> {
    if (this.#starting++ === 0) this.#startingSince = this.#clock.monotonic();
    this.#tell();
    try {
      return await open();
    } finally {
      this.#starting--;
      this.#tell();
    }
  }

  opened(connection: UpstreamConnection): void {
    this.#connections.add(connection);
    this.#look();
  }

  connections(): UpstreamConnection[] {
    return [...this.#connections];
  }

  /** The server took or sent a message. Called for every one over HTTP. */
  proved(connection: UpstreamConnection): void {
    if (!this.#problem && this.#proven.has(connection)) return;
    if (!this.#connections.has(connection)) return;
    this.#proven.add(connection);
    this.works();
  }

  /** What was wrong before is over. */
  works(): void {
    this.#problem = undefined;
    this.#tell();
  }

  /** It could not be started, reached or asked. While another connection works, that does not make it a failed server. */
  notReached(error: UpstreamError): void {
    if (error.kind === 'signin') this.#problem = { status: 'signin', text: error.message };
    else if (this.#proven.size === 0) this.#problem = { status: 'failed', text: error.message };
    this.#tell();
  }

  /** A message could not be delivered. True when that says something about the server: an HTTP error is an answer. */
  notDelivered(error: UpstreamError): boolean {
    if (error.kind === 'signin') this.#problem = { status: 'signin', text: error.message };
    else if (error.kind === 'unsent') this.#problem = { status: 'failed', text: error.message };
    else return false;
    this.#tell();
    return true;
  }

  /** It runs, but something about it should be known: shown until its last connection ends. */
  remarked(text: string): void {
    this.#remark = text;
    this.#tell();
  }

  left(connection: UpstreamConnection, reason: CloseReason): void {
    this.#connections.delete(connection);
    this.#proven.delete(connection);
    if (this.#proven.size === 0) this.#remark = undefined;
    // A lost session is no fault of the server.
    if (!reason.expected && !reason.sessionLost && this.#proven.size === 0) {
      this.#problem = { status: 'failed', text: reason.message };
    }
    this.#tell();
  }

  /** A person signed in: what the server wanted is there. */
  signedIn(): void {
    if (this.#problem?.status === 'signin') this.works();
  }

  /** What is shown may change by time alone. */
  #look(): void {
    const needed = this.#starting > 0 || this.#connections.size > 0;
    if (!needed) {
      this.#looking?.();
      this.#looking = undefined;
    } else
      this.#looking ??= this.#clock.after(LOOK_MS, () => {
        this.#looking = undefined;
        this.#tell();
      });
  }

  #tell(): void {
    this.#look();
    const now = JSON.stringify(this.health());
    if (now === this.#shown) return;
    this.#shown = now;
    this.#changed();
  }
}
