import { notificationMessage, parseFromServer, requestMessage, withId } from '../../codec/index.ts';
import type { Json, RpcMessage } from '../../codec/types.ts';
import type { Log } from '../../ports.ts';
import {
  type CloseReason,
  type Era,
  type Receive,
  type SendOptions,
  type UpstreamConnection,
  UpstreamError,
  type Upstreams,
} from '../../upstream/types.ts';

export interface LinkOptions {
  readonly server: string;
  readonly upstreams: Pick<Upstreams, 'connect'>;
  readonly log: Log;
  /** `modern` for a lane: nothing is said again to a new connection. */
  readonly era?: Era;
  /** Begins the ids of the gateway's own requests; no server can guess it. */
  readonly idPrefix: string;
  readonly receive: Receive;
  /** The server ended the stream of this request, and will answer later. */
  hungUp?(forId: string): void;
  /** A new connection, which is told what the client once said, answered initialize. */
  greeted?(answer: RpcMessage): void;
  /** It knows all of that. Nothing else is sent to it before this is done, but what is asked with `ask`. */
  woken?(ask: (method: string, params: Json) => Promise<RpcMessage>): Promise<void>;
  /** The connection ended without being asked to. */
  closed(reason: CloseReason, connection: UpstreamConnection): void;
}

interface OwnRequest {
  readonly connection: UpstreamConnection;
  resolve(message: RpcMessage): void;
  reject(error: UpstreamError): void;
}

/**
 * The one upstream connection of a client's session or lane. When it is gone, the next use makes a new one and repeats to it
 * what the client once said: initialize, initialized, the log level and the subscriptions. The client does not notice.
 */
export class UpstreamLink {
  /** Whether the client listens on a GET stream. */
  listening = false;
  readonly #o: LinkOptions;
  #connection: UpstreamConnection | undefined;
  #opening: Promise<UpstreamConnection> | undefined;
  /** A new connection that is being told what the client once said. */
  #fresh: UpstreamConnection | undefined;
  /** Grows at each rest: what was being opened then is closed again. */
  #rests = 0;
  #initialize: RpcMessage | undefined;
  #initialized: RpcMessage | undefined;
  #version: string | undefined;
  /** Requests that set a state in the server, by what they set. */
  readonly #replay = new Map<string, RpcMessage>();
  readonly #own = new Map<string, OwnRequest>();
  #count = 0;
  #ended = false;

  constructor(options: LinkOptions) {
    this.#o = options;
  }

  /** The open connection, when there is one. */
  get connection(): UpstreamConnection | undefined {
    return this.#connection;
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** There is a connection, or one is being opened. */
  get busy(): boolean {
    return this.#connection !== undefined || this.#opening !== undefined;
  }

  /** The open connection, or a new one. @throws UpstreamError */
  ready(): Promise<UpstreamConnection> {
    return this.#connection ? Promise.resolve(this.#connection) : this.#open(undefined);
  }

  /** As {@link ready}, for an answer to what the server asked: also while it is being told what the client once said. */
  answering(): Promise<UpstreamConnection> {
    const open = this.#connection ?? this.#fresh;
    return open ? Promise.resolve(open) : this.ready();
  }

  isCurrent(connection: UpstreamConnection): boolean {
    return this.#connection === connection;
  }

  /** After the upstream lost the session: says on the same connection what the client once said. */
  renew(lost: UpstreamConnection): void {
    if (this.#connection !== lost) return;
    this.#connection = undefined;
    // Whoever asks for the connection next waits for this, and gets its error.
    this.#open(lost).catch((error: UpstreamError) => {
      this.#o.log('warn', `The session with ${this.#o.server} could not be made again`, error.message);
    });
  }

  /** Says something of the gateway's own, when a connection is open. */
  async say(raw: Buffer): Promise<void> {
    await (this.#connection ?? this.#fresh)?.send(own(raw));
  }

  /** What the client and the server agreed on: said again to a new connection. */
  agreed(initialize: RpcMessage, version: string): void {
    this.#initialize = initialize;
    this.#version = version;
    this.#connection?.setProtocolVersion(version);
  }

  /** Notes a message that a new connection must hear as well. */
  remember(message: RpcMessage): void {
    if (message.method === 'notifications/initialized') this.#initialized = message;
    else if (message.method === 'logging/setLevel') this.#replay.set('level', message);
    else if (message.method === 'resources/subscribe') this.#replay.set(uriOf(message), message);
    else if (message.method === 'resources/unsubscribe') this.#replay.delete(uriOf(message));
  }

  openStream(): void {
    this.listening = true;
    this.#connection?.openStream();
  }

  /** Asks the server something of the gateway's own. @throws UpstreamError when it is not answered */
  async ask(method: string, params: Json, options?: SendOptions): Promise<RpcMessage> {
    const connection = await this.ready();
    return this.#ask(connection, (id) => requestMessage(id, method, params), options);
  }

  /** Closes the connection, also one that is being opened; the next use makes a new one. */
  async rest(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#rests++;
    this.#opening = undefined;
    await Promise.all([connection?.close(), this.#fresh?.close()]);
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#fail(new UpstreamError('unsent', 'The session has ended.'));
    // What is being opened sees that it is over, and closes what it opened.
    const opening = this.#opening?.catch(() => {});
    await Promise.all([this.rest(), opening]);
  }

  #open(connection: UpstreamConnection | undefined): Promise<UpstreamConnection> {
    if (this.#opening) return this.#opening;
    const opening = this.#start(connection).finally(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening;
  }

  async #start(old: UpstreamConnection | undefined): Promise<UpstreamConnection> {
    if (this.#ended) throw new UpstreamError('unsent', 'The session has ended.');
    const rests = this.#rests;
    const connection = old ?? (await this.#o.upstreams.connect(this.#o.server, this.#o.era));
    this.#fresh = connection;
    try {
      this.#mustGoOn(rests);
      if (!old) this.#attach(connection);
      if (this.#initialize) {
        await this.#sayAgain(connection, this.#initialize);
        await this.#o.woken?.((method, params) =>
          this.#ask(connection, (id) => requestMessage(id, method, params)),
        );
      }
      this.#mustGoOn(rests);
    } catch (error) {
      await connection.close();
      throw error;
    } finally {
      if (this.#fresh === connection) this.#fresh = undefined;
    }
    this.#connection = connection;
    if (this.listening) connection.openStream();
    return connection;
  }

  #mustGoOn(rests: number): void {
    if (this.#ended) throw new UpstreamError('unsent', 'The session has ended.');
    if (rests !== this.#rests) throw new UpstreamError('unsent', 'The client is gone.');
  }

  #attach(connection: UpstreamConnection): void {
    connection.onMessage((message, forId, status) => {
      if (message.kind === 'response' && message.id !== undefined) {
        const own = this.#own.get(message.id);
        if (own) {
          this.#own.delete(message.id);
          own.resolve(message);
          return undefined;
        }
      }
      return this.#o.receive(message, forId, status);
    });
    connection.onHangUp?.((forId) => this.#o.hungUp?.(forId));
    connection.onClose((reason) => {
      this.#fail(new UpstreamError('failed', reason.message), connection);
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#o.closed(reason, connection);
    });
  }

  async #sayAgain(connection: UpstreamConnection, initialize: RpcMessage): Promise<void> {
    const { server, log } = this.#o;
    const answer = await this.#ask(connection, (id) => withId(initialize.raw, id));
    this.#o.greeted?.(answer);
    const { result } = answer.value();
    const version =
      typeof result === 'object' && result !== null && !Array.isArray(result)
        ? result.protocolVersion
        : undefined;
    if (answer.isError || version !== this.#version) {
      throw new UpstreamError(
        'unsent',
        `The server "${server}" was started again and now answers initialize differently. Start the client's session again.`,
      );
    }
    connection.setProtocolVersion(version as string);
    await connection.send(this.#initialized ?? own(notificationMessage('notifications/initialized')));
    for (const message of this.#replay.values()) {
      const said = await this.#ask(connection, (id) => withId(message.raw, id));
      if (said.isError) log('warn', `${server} did not take ${message.method} again after its restart`);
    }
  }

  #ask(
    connection: UpstreamConnection,
    make: (id: string) => Buffer,
    options?: SendOptions,
  ): Promise<RpcMessage> {
    const id = JSON.stringify(`${this.#o.idPrefix}${++this.#count}`);
    return new Promise((resolve, reject) => {
      this.#own.set(id, { connection, resolve, reject });
      connection.send(own(make(id)), options).catch((error: UpstreamError) => {
        this.#own.delete(id);
        reject(error);
      });
    });
  }

  /** Rejects what waits for an answer on this connection, or on any. */
  #fail(error: UpstreamError, connection?: UpstreamConnection): void {
    for (const [id, request] of this.#own) {
      if (connection !== undefined && request.connection !== connection) continue;
      this.#own.delete(id);
      request.reject(error);
    }
  }
}

/** A message that the gateway itself made. */
function own(raw: Buffer): RpcMessage {
  const parsed = parseFromServer(raw);
  if (!parsed.ok || !('message' in parsed))
    throw new Error(`The gateway made a message that is not valid: ${raw}`);
  return parsed.message;
}

function uriOf(message: RpcMessage): string {
  const { params } = message.value();
  const uri =
    typeof params === 'object' && params !== null && !Array.isArray(params) ? params.uri : undefined;
  return `subscribe ${String(uri)}`;
}
