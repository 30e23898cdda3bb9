import type { CloseReason, ServerHealth, UpstreamConnection, UpstreamError } from './types.ts';

/** How one server is: its connections, and what went wrong last. */
export class ServerState {
  readonly #changed: () => void;
  readonly #connections = new Set<UpstreamConnection>();
  /** Connections that took a message from the server. */
  readonly #proven = new Set<UpstreamConnection>();
  #starting = 0;
  #problem: { status: 'failed' | 'signin'; text: string } | undefined;
  /** Something about a server that runs. */
  #remark: string | undefined;
  #shown = '';

  /** @param changed told only real changes */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  health(): ServerHealth {
    const connections = this.#connections.size;
    const at = (status: ServerHealth['status'], text: string | null | undefined = null): ServerHealth => ({
      status,
      text: text ?? null,
      connections,
    });
    if (this.#problem) return at(this.#problem.status, this.#problem.text);
    if (this.#proven.size > 0) return at('running', this.#remark);
    return at(this.#starting > 0 || connections > 0 ? 'starting' : 'idle');
  }

  /** Runs `open` as a start under way. */
  async starting<T>(open: () => Promise<T>): Promise<T> {
    this.#starting++;
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

  /** Whatever was wrong is no more. */
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

  #tell(): void {
    const now = JSON.stringify(this.health());
    if (now === this.#shown) return;
    this.#shown = now;
    this.#changed();
  }
}
