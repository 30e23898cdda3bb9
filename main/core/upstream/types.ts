import type { ServerHealth } from '../../../shared/schemas/server.ts';
import type { Parsed, RpcMessage } from '../codec/types.ts';
import type { LoginShell } from '../login-shell/index.ts';
import type { Ports } from '../ports.ts';
import type { Waiting } from './errors/waiting-text.ts';

/** `ServerConfig` with every secret filled in. Lives in memory only; never written, logged or shown. */
export type ResolvedServer = ResolvedStdio | ResolvedHttp;
export interface ResolvedStdio {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /**
   * The plain values that came from the key store: replaced in log lines and in error texts. Values of variables and
   * headers whose names look like credentials are replaced in any case.
   */
  readonly secrets?: readonly string[];
}
export interface ResolvedHttp {
  readonly kind: 'http' | 'sse';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

/** Sizes in bytes, times in milliseconds. */
export interface UpstreamLimits {
  /** The longest message taken from a server. */
  readonly messageBytes: number;
  /** How long each step of ending a child may take before the next, harder one. */
  readonly stopStepMs: number;
  /** A child that ends sooner than this by itself counts as one that does not start. */
  readonly quickEndMs: number;
  /** How long a TCP or TLS connection, or the first event of an HTTP+SSE server, may take. */
  readonly connectMs: number;
}

/** The part of the ports that upstream connections use. */
export type UpstreamPorts = Pick<Ports, 'clock' | 'files' | 'log' | 'machine'>;

/** Authorization of HTTP servers with OAuth (MCP 2026-07-28, basic/authorization). Tokens never leave it but as this header. */
export interface UpstreamAuth {
  /**
   * The value of `Authorization` to send to this server now, refreshed when it is about to run out; undefined when it has
   * no tokens of this server, and then the entry's own headers are sent. A promise only while tokens are being renewed.
   * @throws UpstreamError `unsent` when the token has expired and cannot be renewed now
   */
  header(server: string, url: URL): string | undefined | Promise<string | undefined>;
  /**
   * The server answered 401, or 403 with a challenge, to a request with the header `sent`. True when the same request
   * should be sent once more (tokens were refreshed, or replaced meanwhile); false when a person must sign in.
   */
  challenged(server: string, url: URL, challenge: AuthChallenge): Promise<boolean>;
  /** The server took a message with the header `sent`. Called for every message. */
  accepted?(server: string, sent: string): void;
}
export interface AuthChallenge {
  readonly status: number;
  readonly wwwAuthenticate: string | undefined;
  readonly sent: string | undefined;
  /** The caller also reports every header that was accepted ({@link UpstreamAuth.accepted}). */
  readonly reportsAccepted?: boolean;
}

/** Where facts about servers outlive the process. Texts are JSON. */
export interface FactStore {
  read(server: string): string | undefined;
  /** `undefined` deletes. */
  write(server: string, facts: string | undefined): void;
}

export interface UpstreamDeps {
  readonly ports: UpstreamPorts;
  readonly auth?: UpstreamAuth;
  /** The server's configuration now; undefined when there is no such server. */
  config(server: string): Promise<ResolvedServer | undefined>;
  parse(bytes: Buffer): Parsed;
  readonly limits?: Partial<UpstreamLimits>;
  /** Where what was found out about servers outlives the process; without it they are asked again. */
  readonly facts?: FactStore;
  /** A server was changed, stopped or started anew by a person: what was found out about it is forgotten. */
  forgotten?(server: string): void;
  /**
   * Where children get their search path from, and variables that the core's own environment lacks; without it the person's
   * is asked when the first one starts.
   */
  readonly loginShell?: LoginShell;
}

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

/**
 * How client and server begin (MCP 2026-07-28, versioning, terminology): `legacy` revisions with an initialize handshake,
 * `modern` ones with the version in each request. A server that speaks both counts as modern.
 */
export type Era = 'legacy' | 'modern';

export interface SendOptions {
  readonly signal?: AbortSignal;
  /**
   * Modern HTTP only: the headers that mirror the body (MCP 2026-07-28, transports, request metadata), already checked
   * against it: MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Param-*.
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Takes a message of the upstream. `forId` is the raw id of the client's request whose stream it came on (HTTP), undefined
 * on stdio and on the GET stream. `status` is the HTTP status of an error answer that is not 200: modern clients look at it.
 * A promise it returns is awaited before more is read: back-pressure.
 */
export type Receive = (
  message: RpcMessage,
  forId: string | undefined,
  status?: number,
) => void | Promise<void>;

/** One connection to one upstream server, belonging to one client session (legacy) or to one lane of requests (modern). */
export interface UpstreamConnection {
  readonly server: string;
  /**
   * Sends one message. Resolves when it was handed over (stdio: written, honouring back-pressure; HTTP: the answer's
   * headers came, and for a request every message of its stream has been delivered). Rejects with {@link UpstreamError}.
   */
  send(message: RpcMessage, options?: SendOptions): Promise<void>;
  onMessage(receive: Receive): void;
  onClose(closed: (reason: CloseReason) => void): void;
  /**
   * Streamable HTTP, legacy: the server ended the stream of the request `forId` before its answer, which it keeps for
   * those who come back for it (MCP 2025-11-25, transports, sending messages, 6). The connection does come back.
   */
  onHangUp?(hungUp: (forId: string) => void): void;
  /** HTTP: the client opened its GET stream, so open ours. stdio: nothing to do. */
  openStream(): void;
  /** The request that has waited longest for an answer that should come soon. */
  readonly waiting?: Waiting | undefined;
  /** stdio: the beginning of a line whose end has not come. */
  readonly begun?: string;
  /** HTTP: after initialize, the version header of every later request. */
  setProtocolVersion(version: string): void;
  /** Ends it in order (stdin end → TERM → KILL of the whole group; DELETE of the upstream session). */
  close(): Promise<void>;
}

export type { ServerHealth };
export interface LogLine {
  readonly at: number;
  readonly stream: 'stderr' | 'stdout' | 'event';
  readonly line: string;
}

/** All upstream servers, by name. */
export interface Upstreams {
  /** Opens a connection; starting failures arrive as a rejected promise with a sentence a person understands. */
  connect(server: string, era?: Era): Promise<UpstreamConnection>;
  /**
   * Whether the server speaks a modern revision: asked once (a stdio server on a process of its own, for some end on a
   * message before initialize), then known until the configuration changes or the verdict is old.
   * @throws UpstreamError when the server cannot be asked
   */
  era(server: string): Promise<Era>;
  health(server: string): ServerHealth;
  logs(server: string): LogLine[];
  /** Adds a line about something that happened to the server's log. */
  note?(server: string, text: string): void;
  /** Told on every change of a server's health. */
  onChange(listener: (server: string) => void): void;
  /** Process ids of all children alive, for diagnostics and for tests of leftovers. */
  childPids(): number[];
  /** A person signed in to the server: it no longer wants that, and connections go on. */
  signedIn(server: string): void;
  /** Forgets back-off of a server whose configuration changed, and closes its connections. */
  reset(server: string): Promise<void>;
  /** Ends everything; resolves when no child is left. */
  stop(): Promise<void>;
}
