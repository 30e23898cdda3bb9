import { parseFromServer } from '../../main/core/codec/index.ts';
import type { JsonObject, RpcMessage } from '../../main/core/codec/types.ts';
import {
  type CloseReason,
  type SendOptions,
  type UpstreamConnection,
  UpstreamError,
} from '../../main/core/upstream/types.ts';

/** One connection to a server that exists only here: `answer` says what it does with each message. */
export class FakeConnection implements UpstreamConnection {
  readonly server: string;
  readonly sent: RpcMessage[] = [];
  version: string | undefined;
  streams = 0;
  closed = false;
  #receive: Parameters<UpstreamConnection['onMessage']>[0] = () => {};
  #closed: (reason: CloseReason) => void = () => {};
  /** The server ends the stream of a request before its answer. */
  hangUp: (forId: string) => void = () => {};
  readonly #answer: (message: RpcMessage, connection: FakeConnection) => void;
  /** When set, the next send rejects with it. */
  failNext: UpstreamError | undefined;

  constructor(server: string, answer: (message: RpcMessage, connection: FakeConnection) => void) {
    this.server = server;
    this.#answer = answer;
  }
  /** What came with each message it was sent. */
  readonly options = new Map<RpcMessage, SendOptions>();
  /** Over HTTP a request is handed over when its answer has come, or when it is aborted. */
  readonly #open = new Map<string, () => void>();
  http = false;

  async send(message: RpcMessage, options: SendOptions = {}): Promise<void> {
    const error = this.failNext;
    this.failNext = undefined;
    if (error) throw error;
    this.sent.push(message);
    this.options.set(message, options);
    const { id } = message;
    const over =
      this.http && message.kind === 'request' && id !== undefined
        ? new Promise<void>((done, fail) => {
            this.#open.set(id, done);
            options.signal?.addEventListener('abort', () =>
              fail(new UpstreamError('failed', 'The request was cancelled.')),
            );
          })
        : undefined;
    this.#answer(message, this);
    await over;
  }
  onMessage(receive: Parameters<UpstreamConnection['onMessage']>[0]): void {
    this.#receive = receive;
  }
  onClose(closed: (reason: CloseReason) => void): void {
    this.#closed = closed;
  }
  onHangUp(hungUp: (forId: string) => void): void {
    this.hangUp = hungUp;
  }
  openStream(): void {
    this.streams++;
  }
  setProtocolVersion(version: string): void {
    this.version = version;
  }
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.#closed({ message: 'closed', expected: true });
  }

  /** The server says something: an object, or raw JSON text. */
  say(message: object | string, forId?: string, status?: number): void | Promise<void> {
    const parsed = parseFromServer(
      Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
    );
    if (!parsed.ok || !('message' in parsed))
      throw new Error('the test said something that is not a message');
    const { id, kind } = parsed.message;
    if (kind === 'response' && id !== undefined) this.#open.get(id)?.();
    return this.#receive(parsed.message, forId, status);
  }
  /** The server dies. */
  die(message: string): void {
    this.closed = true;
    this.#closed({ message, expected: false });
  }
  /** What it was sent of this method. */
  of(method: string): RpcMessage[] {
    return this.sent.filter((message) => message.method === method);
  }
}

export interface FakeServer {
  tools: JsonObject[];
  capabilities: object;
  /** Taken instead of the usual answer when it gives true. */
  handle?: (message: RpcMessage, connection: FakeConnection) => boolean;
  protocolVersion?: string;
  /** It is one on stdio: what it says names no stream. */
  stdio?: boolean;
}

/** What a plain server answers, unless it says otherwise. */
export function usualAnswers(server: FakeServer): (message: RpcMessage, connection: FakeConnection) => void {
  return (message, connection) => {
    if (server.handle?.(message, connection) || message.kind !== 'request') return;
    const result = (text: string): void => {
      queueMicrotask(
        () =>
          void connection.say(
            `{"jsonrpc":"2.0","id":${message.id},"result":${text}}`,
            server.stdio ? undefined : message.id,
          ),
      );
    };
    if (message.method === 'initialize') {
      const params = message.value().params as JsonObject;
      result(
        JSON.stringify({
          protocolVersion: server.protocolVersion ?? params.protocolVersion,
          capabilities: server.capabilities,
          serverInfo: { name: 'fake', version: '1' },
        }),
      );
    } else if (message.method === 'tools/list') result(JSON.stringify({ tools: server.tools }));
    else if (message.call) result(`{"content":[{"type":"text","text":"ran"}]}`);
    else result('{}');
  };
}
