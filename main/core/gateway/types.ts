import type { Approvals } from '../approvals/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Pins } from '../pins/types.ts';
import type { PolicyEngine } from '../policy/types.ts';
import type { Clock, Log } from '../ports.ts';
import type { Identities, Settings } from '../settings/types.ts';
import type { ToolCatalogue } from '../tools/types.ts';
import type { Upstreams } from '../upstream/types.ts';
import type { ClientPatience } from './call/patience.ts';
import type { KeptServers } from './kept/types.ts';

export interface GatewayDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Cryptographically secure. */
  randomBytes(size: number): Buffer;
  readonly settings: Pick<Settings, 'get'>;
  readonly identities: Pick<Identities, 'byToken'>;
  readonly upstreams: Pick<Upstreams, 'connect' | 'era' | 'note'>;
  readonly policy: PolicyEngine;
  readonly approvals: Pick<Approvals, 'spend' | 'ask'>;
  readonly audit: Pick<AuditLog, 'begin' | 'beginSoon' | 'finish'>;
  readonly catalogue: ToolCatalogue;
  readonly pins: Pick<Pins, 'block' | 'reviewed' | 'change'>;
  /** The name that people know this client by. */
  clientName(clientId: string): string;
  hasServer(server: string): boolean;
  /** The servers that the aggregated endpoint of this client joins. */
  serversOf(clientId: string): readonly string[];
  /** A client initialized a session: it really is connected, whatever its file says. */
  onHandshake(clientId: string, handshake: Handshake): void;
  /** What is learned of how long clients wait; without it that is forgotten with the process. */
  readonly patience?: ClientPatience;
  /** Servers that run only while they are used; without it each one starts with its client. */
  readonly kept?: KeptServers;
  readonly limits?: Partial<GatewayLimits>;
}

export interface Handshake {
  /** Name and version the client gives itself. For people only: identity is the token. */
  readonly software: string;
  readonly protocolVersion: string;
}

/** How long a client waits for the result of a call, less a margin for the answer to arrive. */
export interface Hold {
  /** Whatever comes meanwhile; without it, as long as every other client. */
  readonly plainMs?: number;
  /** While progress comes, for a call that asked for it. */
  readonly withProgressMs?: number;
}

/** Times in milliseconds, sizes in bytes. */
export interface GatewayLimits {
  /** How long a call waits for a person on the line. */
  readonly holdMs: number;
  /** The same for clients of which more is known, by id: the patience in each one's row of the table of clients. */
  readonly holds: Readonly<Record<string, Hold>>;
  /** Between two progress notifications of a held call. */
  readonly progressMs: number;
  /** Between two comments on a stream that has nothing to say. */
  readonly keepAliveMs: number;
  /** Headers of an answer go out after this at the latest. */
  readonly headersMs: number;
  /** How often the two times above are looked at. */
  readonly tickMs: number;
  /** A session without requests or streams loses its upstream connection after this; the next request makes a new one. */
  readonly upstreamIdleMs: number;
  /** The same where the client broke off or closed what it had open and nobody is on the line: it is probably gone. */
  readonly upstreamGoneMs: number;
  /** A session not used for this long is forgotten. */
  readonly sessionIdleMs: number;
  readonly maxSessions: number;
  /** Server messages kept for a session that has no stream open. */
  readonly queueMessages: number;
  readonly queueBytes: number;
  /** How long a joined list of several servers waits for one of them. */
  readonly memberMs: number;
  /** Requests of one session that wait for an answer. */
  readonly maxInFlight: number;
  /**
   * Bytes of large messages of one client to one server: beyond this, the next one's body is not read before some of them
   * are answered.
   */
  readonly maxInFlightBytes: number;
  /** How long what a client missed is kept for it after its stream was over or broke. */
  readonly resumeMs: number;
  /** How much of it, for one session and for all. */
  readonly resumeBytes: number;
  readonly resumeBytesAll: number;
}

export interface SessionInfo {
  readonly id: string;
  readonly clientId: string;
  readonly server: string;
  readonly software: string;
  readonly protocolVersion: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly usedAt: number;
  readonly inFlight: number;
  /** Whether its upstream connection is open now. */
  readonly connected: boolean;
}

/** The HTTP side of Drawbridge: `http://127.0.0.1:<port>/s/<server>/mcp` for each upstream server. */
export interface Gateway {
  /**
   * Listens on 127.0.0.1. `null` takes any free port.
   * @throws when the port is taken, with a sentence that says so
   */
  start(port: number | null): Promise<{ port: number }>;
  /** Listens on another port from now on; what is under way on the old one goes on to its end. Throws as {@link start}. */
  move(port: number | null): Promise<{ port: number }>;
  /** Ends every session and closes every socket. */
  stop(): Promise<void>;
  /** The policy changed what clients see: tells the sessions of this server, or of all. */
  notifyToolsChanged(server?: string): void;
  sessions(): SessionInfo[];
  /** Ends the sessions of a client that is no longer routed, or of one server only. */
  endClient(clientId: string): Promise<void>;
}
