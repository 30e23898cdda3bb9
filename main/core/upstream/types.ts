import type { ServerStatus } from '../../../shared/schemas/server.ts';
import type { RpcMessage } from '../codec/types.ts';

/** Why a connection ended: `person` text for windows and agents, and the exit of a child where there is one. */
export interface CloseReason {
  readonly message: string;
  readonly expected: boolean;
  /** The upstream said that its session is unknown (HTTP 404): initialize again and go on. */
  readonly sessionLost?: boolean;
}

/** An upstream error that concerns one request (HTTP status, refused connection); the session may go on. */
export class UpstreamError extends Error {
  readonly status: number | undefined;
  /** `signin`: the server wants authorization. `unsent`: the upstream certainly never received the message. */
  readonly kind: 'signin' | 'unsent' | 'failed' | 'session-lost';
  constructor(kind: UpstreamError['kind'], message: string, status?: number) {
    super(message);
    this.name = 'UpstreamError';
    this.kind = kind;
    this.status = status;
  }
}

/** One connection to one upstream server, belonging to one client session. */
export interface UpstreamConnection {
  readonly server: string;
  /**
   * Sends one message. Resolves when it was handed over (stdio: written, honouring back-pressure; HTTP: the answer's
   * headers came, and for a request every message of its stream has been delivered). Rejects with {@link UpstreamError}.
   */
  send(message: RpcMessage, signal?: AbortSignal): Promise<void>;
  /**
   * Sets the receiver of messages from the upstream. `forId` is the raw id of the client's request whose stream it came
   * on (HTTP), undefined on stdio and on the GET stream. A promise it returns is awaited before more is read: back-pressure.
   */
  onMessage(receive: (message: RpcMessage, forId: string | undefined) => void | Promise<void>): void;
  onClose(closed: (reason: CloseReason) => void): void;
  /** HTTP: the client opened its GET stream, so open ours. stdio: nothing to do. */
  openStream(): void;
  /** HTTP: after initialize, the version header of every later request. */
  setProtocolVersion(version: string): void;
  /** Ends it in order (stdin end → TERM → KILL of the whole group; DELETE of the upstream session). */
  close(): Promise<void>;
}

export interface ServerHealth {
  readonly status: ServerStatus;
  readonly text: string | null;
  readonly connections: number;
}
export interface LogLine {
  readonly at: number;
  readonly stream: 'stderr' | 'stdout' | 'event';
  readonly line: string;
}

/** All upstream servers, by name. */
export interface Upstreams {
  /** Opens a connection; starting failures arrive as a rejected promise with a sentence a person understands. */
  connect(server: string): Promise<UpstreamConnection>;
  health(server: string): ServerHealth;
  logs(server: string): LogLine[];
  /** Told on every change of a server's health. */
  onChange(listener: (server: string) => void): void;
  /** Process ids of all children alive, for diagnostics and for tests of leftovers. */
  childPids(): number[];
  /** Forgets back-off of a server whose configuration changed, and closes its connections. */
  reset(server: string): Promise<void>;
  /** Ends everything; resolves when no child is left. */
  stop(): Promise<void>;
}
