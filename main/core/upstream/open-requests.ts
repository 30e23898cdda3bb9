import { findMember, withId } from '../codec/index.ts';
import type { JsonObject, RpcMessage } from '../codec/types.ts';
import type { Clock } from '../ports.ts';
import type { Waiting } from './errors/waiting-text.ts';
import type { UpstreamDeps } from './types.ts';

/** An id stands near one of the ends of a message: there it is looked for before the whole is read. */
const ENDS = 160;
/** Cancelled requests that are remembered. */
const MAX_LAPSED = 1000;

/** Requests that may take as long as they like: tools work, and streams are open to wait. */
const PATIENT = /^(tools\/call|subscriptions\/listen|tasks\/result|sampling\/|elicitation\/)/;

export interface OpenRequestsOptions {
  readonly clock?: Pick<Clock, 'monotonic'>;
  /** A line for the server's log. */
  readonly note: (text: string) => void;
  /** An answer that no request waits for: shown in the state of the server as well. */
  readonly dropped: (text: string) => void;
}

/**
 * The requests of a connection that are not answered, and which of them an answer is for. JSON-RPC wants the id as it was
 * sent; servers that send `"1"` for 1 or null, because their language makes no difference, are understood where no other
 * request can be meant; what is passed on then carries the id as it was sent.
 */
export class OpenRequests {
  readonly #o: OpenRequestsOptions;
  /** The id as it was sent, by the id (canonical JSON text). */
  readonly #open = new Map<string, string>();
  /** Those that should be answered soon, in the order they were sent. */
  readonly #hasty = new Map<string, Waiting>();
  /** Requests that were cancelled: they may still be answered, but need not. */
  readonly #lapsed = new Set<string>();
  #told = false;

  constructor(options: OpenRequestsOptions) {
    this.#o = options;
  }

  /** A request is sent. */
  add({ id, raw, method = '' }: RpcMessage): void {
    if (id === undefined) return;
    this.#open.set(id, idText(raw, id) ?? id);
    const since = this.#o.clock?.monotonic();
    if (since !== undefined && !PATIENT.test(method)) this.#hasty.set(id, { method, since });
  }

  /** The request that has waited longest for an answer that should come soon. */
  get longest(): Waiting | undefined {
    const [first] = this.#hasty.values();
    return first;
  }

  #close(id: string): boolean {
    this.#hasty.delete(id);
    return this.#open.delete(id);
  }

  /** It is over without an answer. False when it was not open. */
  delete(id: string): boolean {
    return this.#close(id);
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  /** The request was cancelled: an answer with another id is not meant for it. */
  lapse(id: string): void {
    if (!this.#close(id)) return;
    this.#lapsed.add(id);
    const [oldest] = this.#lapsed;
    if (this.#lapsed.size > MAX_LAPSED && oldest !== undefined) this.#lapsed.delete(oldest);
  }

  get ids(): string[] {
    return [...this.#open.keys()];
  }

  /**
   * An answer with the id of the request it is for, which is open no longer. One that is for none comes back as it is.
   * @param forId the request that its body or stream belongs to (HTTP)
   */
  match(answer: RpcMessage, forId?: string): RpcMessage {
    if (answer.id !== undefined && this.#lapsed.delete(answer.id)) return answer;
    const id = this.find(answer.id, forId, answer.isError);
    if (id === undefined) {
      const what = answer.id === undefined ? 'without an id' : `with the id ${shown(answer.id)}`;
      this.#drop(`It sent an answer ${what}, which no open request has. The answer was dropped.`);
      return answer;
    }
    const own = this.#open.get(id) ?? id;
    this.#close(id);
    // Another spelling of the same number or text is the same id, and passes with the server's own bytes.
    if (answer.id === id) return answer;
    this.#tell(answer.id, id);
    return withOwnId(answer, id, own);
  }

  /** The same for all that came together: what has the right id goes before what may stand for any. */
  matchAll(messages: readonly RpcMessage[], forId?: string): RpcMessage[] {
    const exact = messages.some((each) => each.kind === 'response' && each.id === forId);
    return messages.map((each) =>
      each.kind === 'response' ? this.match(each, exact ? undefined : forId) : each,
    );
  }

  /** Whether an answer on the stream of a request can be meant for it or for another open one, going by its id. */
  fits({ id }: RpcMessage, forId: string): boolean {
    return id === undefined || id === 'null' || this.#open.has(id) || plain(id) === plain(forId);
  }

  /** The open request that an id in an answer stands for. @param isError whether it may stand for any, being null */
  find(id: string | undefined, forId: string | undefined, isError: boolean): string | undefined {
    if (id !== undefined && this.#open.has(id)) return id;
    if (forId !== undefined && this.#open.has(forId)) return forId;
    if (id !== undefined && id !== 'null') {
      const alike = this.ids.filter((each) => plain(each) === plain(id));
      return alike.length === 1 ? alike[0] : undefined;
    }
    const [only, ...more] = this.#open.keys();
    return isError && more.length === 0 ? only : undefined;
  }

  /**
   * An answer in something that is no valid message only for its id: missing, or neither text nor number.
   * @param forId as for {@link match}; without it only an error is taken, and only where one request is open
   */
  rescue(bytes: Buffer, parse: UpstreamDeps['parse'], forId?: string): RpcMessage | undefined {
    const id = this.find(undefined, forId, true);
    if (id === undefined) return undefined;
    const raw = forcedId(bytes, this.#open.get(id) ?? id);
    const parsed = raw && parse(raw);
    if (!parsed?.ok || !('message' in parsed)) return undefined;
    const { message } = parsed;
    if (message.kind !== 'response' || (forId === undefined && !message.isError)) return undefined;
    this.#close(id);
    this.#tell(undefined, id);
    return message;
  }

  /** Once for each connection: a server that does it does it always. */
  #tell(got: string | undefined, id: string): void {
    if (this.#told) return;
    this.#told = true;
    const what = got === undefined ? 'without a valid id' : `with the id ${shown(got)}`;
    this.#o.note(
      `It answered the request ${shown(id)} ${what}. That is taken for the answer, now and later.`,
    );
  }

  #drop(text: string): void {
    this.#o.note(text);
    this.#o.dropped(text);
  }
}

function shown(id: string): string {
  return id.length > 80 ? `${id.slice(0, 80)}…` : id;
}

/** `1`, `"1"`, `" 1 "` and `"1.0"` are one. */
function plain(id: string): string {
  const text = id.startsWith('"') ? String(JSON.parse(id)).trim() : id;
  return /^-?\d{1,15}\.0+$/.test(text) ? String(Number(text)) : text;
}

/** The JSON text of the id of a message; `id` itself where it stands so in the bytes. */
function idText(raw: Buffer, id: string): string | undefined {
  const ends = `${raw.toString('latin1', 0, ENDS)} ${raw.toString('latin1', Math.max(0, raw.length - ENDS))}`;
  const simple = Buffer.from(id).toString('latin1');
  if (ends.includes(`"id":${simple},`) || ends.includes(`"id":${simple}}`)) return id;
  try {
    const span = findMember(raw, 0, 'id');
    return span && raw.toString('utf8', span.start, span.end);
  } catch {
    // The id is there twice: the strict parser says so.
    return undefined;
  }
}

function withOwnId(answer: RpcMessage, id: string, own: string): RpcMessage {
  const raw = forcedId(answer.raw, own) ?? answer.raw;
  return {
    raw,
    kind: 'response',
    id,
    method: undefined,
    call: undefined,
    progressToken: undefined,
    meta: undefined,
    cancels: undefined,
    isError: answer.isError,
    value: (): JsonObject => ({ ...answer.value(), id: JSON.parse(own) as string | number }),
  };
}

/** A JSON object with this id, replaced or put in; undefined when it is no object, or has several. */
function forcedId(raw: Buffer, id: string): Buffer | undefined {
  try {
    if (findMember(raw, 0, 'id')) return withId(raw, id);
  } catch {
    return undefined;
  }
  const open = raw.indexOf(0x7b);
  if (open < 0 || raw.toString('latin1', 0, open).trim() !== '') return undefined;
  const rest = raw.subarray(open + 1);
  const comma = /^\s*\}/.test(rest.toString('latin1', 0, 200)) ? '' : ',';
  return Buffer.concat([raw.subarray(0, open + 1), Buffer.from(`"id":${id}${comma}`), rest]);
}
