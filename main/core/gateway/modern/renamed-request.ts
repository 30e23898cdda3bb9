import { messageOf } from '../../../../shared/base/message-of.ts';
import { errorMessage, parseFromClient, spanAt, withId, withValue } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Reply } from '../streams/reply.ts';
import { SUBSCRIPTION_ID } from './era.ts';

/** Names of a request as its client gave them, and as they are on the connection. Raw JSON texts. */
interface Names {
  readonly id: string;
  readonly wireId: string;
  readonly token: string | undefined;
  readonly wireToken: string | undefined;
}

/**
 * A request under other names, because another one with the same id or progress token is under way on the connection.
 * Two clients with one credential choose their ids by themselves, but must share the server's process: its tasks and
 * subscriptions live there.
 */
export function renamed(message: RpcMessage, wireId: string, wireToken: string | undefined): RpcMessage {
  let raw = withId(message.raw, wireId);
  if (wireToken !== undefined) raw = withValue(raw, ['params', '_meta', 'progressToken'], wireToken);
  const parsed = parseFromClient(raw, { maxBytes: raw.length, allowBatch: false });
  if (!parsed.ok || !('message' in parsed)) throw new Error(`A request could not be renamed: ${wireId}`);
  return parsed.message;
}

/** The way back: everything that is said in answer carries the client's own names. */
export class RenamedReply implements Reply {
  readonly #reply: Reply;
  readonly #names: Names;

  constructor(reply: Reply, names: Names) {
    this.#reply = reply;
    this.#names = names;
  }

  get over(): boolean {
    return this.#reply.over;
  }
  get carries(): boolean {
    return this.#reply.carries;
  }
  get here(): boolean {
    return this.#reply.here;
  }
  get keeps(): boolean {
    return this.#reply.keeps;
  }
  omit(header: string): void {
    this.#reply.omit(header);
  }
  open(): void {
    this.#reply.open();
  }
  silent(): void {
    this.#reply.silent();
  }
  tick(now: number, headersMs: number, keepAliveMs: number): void {
    this.#reply.tick(now, headersMs, keepAliveMs);
  }

  push(raw: Buffer, now: number): Promise<void> | undefined {
    const { id, token, wireToken } = this.#names;
    let shown = withValue(raw, ['params', '_meta', SUBSCRIPTION_ID], id);
    if (token !== undefined && wireToken !== undefined)
      shown = withValue(shown, ['params', 'progressToken'], token);
    return this.#reply.push(shown, now);
  }

  answer(raw: Buffer, status?: number): Promise<void> | undefined {
    const { id, wireId } = this.#names;
    let shown: Buffer;
    try {
      shown = withId(raw, id);
      if (raw.includes(SUBSCRIPTION_ID)) shown = this.#subscription(shown, id, wireId);
    } catch (error) {
      shown = errorMessage(id, -32000, messageOf(error));
    }
    return this.#reply.answer(shown, status);
  }

  /** The end of a subscription names it in its result. */
  #subscription(raw: Buffer, id: string, wireId: string): Buffer {
    const path = ['result', '_meta', SUBSCRIPTION_ID];
    const span = spanAt(raw, path);
    return span && raw.toString('utf8', span.start, span.end) === wireId ? withValue(raw, path, id) : raw;
  }
}
