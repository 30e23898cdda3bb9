import { isObject } from '../../../../shared/base/is-object.ts';
import { failed, joined } from '../../../../shared/text/model.ts';
import { METHOD_NOT_FOUND, parseFromClient, requestMessage, withId } from '../../codec/index.ts';
import { type Item, itemsOf } from '../../codec/items.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import type { Session } from '../legacy/session.ts';
import { Sink } from './sink.ts';

export interface MemberOptions {
  readonly server: string;
  /** What the client said to the aggregate: said to the server as well. */
  readonly initialize: RpcMessage;
  /** Begins the ids of the gateway's own requests; no client or server can guess it. */
  readonly idPrefix: string;
  /** A new session with the server; undefined when there are too many. */
  open(): Session | undefined;
  /** The session is initialized: told before anything else is asked of it. */
  opened(session: Session, member: Member): Promise<void>;
}

/** One page of a server's list. */
export interface Page {
  readonly items: readonly Item[];
  /** The `nextCursor` of the server's answer, whatever it is. */
  readonly next: unknown;
}

/** One server of an aggregate. Its session begins at the first use, and again when it has ended. */
export class Member {
  readonly server: string;
  /** Prompts and resources as the server listed them last: by these, a name or URI that the client uses is traced to its server. */
  readonly prompts = new Set<string>();
  readonly uris = new Set<string>();
  /** What stands before the first variable of each resource template. */
  readonly templates = new Set<string>();
  readonly #o: MemberOptions;
  /** The newest session, from its beginning on; and the one that is initialized. */
  #begun: Session | undefined;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  #count = 0;

  constructor(options: MemberOptions) {
    this.#o = options;
    this.server = options.server;
  }

  /** The session, when it is initialized. */
  get session(): Session | undefined {
    return this.#session?.ended ? undefined : this.#session;
  }

  /** The session, also while it is being initialized. */
  get begun(): Session | undefined {
    return this.#begun?.ended ? undefined : this.#begun;
  }

  /** @throws Error with a sentence when the server cannot be reached or refuses */
  ready(): Promise<Session> {
    const { session } = this;
    if (session) return Promise.resolve(session);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<Session> {
    const session = this.#o.open();
    if (!session) throw new Error(failed.tooManySessions);
    this.#begun = session;
    const answer = await this.#put(session, (id) => withId(this.#o.initialize.raw, id));
    if (answer.isError) throw new Error(errorOf(answer));
    await session.notify(made(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')));
    this.#session = session;
    await this.#o.opened(session, this);
    return session;
  }

  /** Asks the server something of the gateway's own. */
  async ask(method: string, params: JsonObject): Promise<RpcMessage> {
    const session = await this.ready();
    return this.#put(session, (id) => requestMessage(id, method, params));
  }

  #put(session: Session, make: (id: string) => Buffer): Promise<RpcMessage> {
    const sink = new Sink();
    session.request(made(make(JSON.stringify(`${this.#o.idPrefix}${++this.#count}`))), sink);
    return sink.answered;
  }

  /** One page of a list, as the policy shows it to the client. A server without such a list has an empty one. */
  async page(method: string, list: string, key: string, cursor: string | undefined): Promise<Page> {
    const answer = await this.ask(method, cursor === undefined ? {} : { cursor });
    const { result, error } = answer.value();
    if (isObject(error) && error.code === METHOD_NOT_FOUND) return { items: [], next: undefined };
    if (!isObject(result)) throw new Error(errorOf(answer));
    const items = itemsOf(answer.raw, list, key);
    this.#learn(list, items);
    return { items, next: result.nextCursor };
  }

  #learn(list: string, items: readonly Item[]): void {
    for (const { key } of items) {
      if (key === undefined) continue;
      if (list === 'prompts') this.prompts.add(key);
      else if (list === 'resources') this.uris.add(key);
      else if (list === 'resourceTemplates') this.templates.add(key.split('{', 1)[0] ?? '');
    }
  }
}

/** A message that the gateway itself made for a server. */
export function made(raw: Buffer): RpcMessage {
  const parsed = parseFromClient(raw, { maxBytes: raw.length, allowBatch: false });
  if (!parsed.ok || !('message' in parsed))
    throw new Error(`The gateway made a message that is not valid: ${raw}`);
  return parsed.message;
}

function errorOf(answer: RpcMessage): string {
  const { error } = answer.value();
  return isObject(error) ? String(error.message) : joined.noResult;
}
