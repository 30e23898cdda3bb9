import {
  errorMessage,
  INVALID_PARAMS,
  INVALID_REQUEST,
  notificationMessage,
  resultMessage,
  withId,
} from '../../codec/index.ts';
import { withValueAt } from '../../codec/items.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import { UPSTREAM_FAILED } from '../call/conversation.ts';
import { recordFault } from '../http/faults.ts';
import { ALL, type ClientSession } from '../legacy/client-session.ts';
import type { Session } from '../legacy/session.ts';
import type { Shelf } from '../streams/event-buffer.ts';
import { Outbox } from '../streams/outbox.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { welcome } from './initialize.ts';
import { Member, made } from './member.ts';
import { MemberOutbox, ownerOf } from './member-outbox.ts';
import { Questions } from './questions.ts';
import { type Joined, serve } from './serve.ts';

export interface AggregateOptions {
  readonly id: string;
  readonly client: ClientIdentity;
  /** A new session of this client with one server; undefined when there are too many. */
  open(server: string, own: (id: string) => MemberHooks): Session | undefined;
  /** Room for what clients missed, of all sessions. Without it nothing can be resumed. */
  readonly shelf?: Shelf;
  close(session: Session, why: string): void;
}
export interface MemberHooks {
  readonly outbox: Outbox;
  show(session: Session, message: RpcMessage): Buffer;
}

/**
 * One client's session with all its servers at once (gateway.md, endpoints): tools and prompts carry a short name of their
 * server, lists are joined, calls go to the server they name and are judged there under their own names.
 */
export class Aggregate implements ClientSession {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server = ALL;
  readonly outbox: Outbox;
  readonly createdAt: number;
  usedAt: number;
  usedTick: number;
  leftStream = false;
  protocolVersion: string | null = null;
  software = '';
  ended = false;
  /** Requests that are not a member's yet, or several members' at once, by id. */
  readonly #waiting = new Map<string, Reply>();
  readonly #deps: GatewayDeps;
  readonly #limits: GatewayLimits;
  readonly #o: AggregateOptions;
  readonly #members = new Map<string, Member>();
  readonly #questions: Questions;
  readonly #idPrefix: string;
  #initialize: RpcMessage | undefined;
  readonly #joined: Joined;
  /** The client's last logging/setLevel: for servers that begin later. */
  #level: JsonObject | undefined;

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: AggregateOptions) {
    this.#deps = deps;
    this.#limits = limits;
    this.#o = options;
    this.id = options.id;
    this.client = options.client;
    this.createdAt = this.usedAt = deps.clock.now();
    this.usedTick = deps.clock.monotonic();
    this.#idPrefix = `drawbridge-${deps.randomBytes(9).toString('base64url')}-`;
    this.#questions = new Questions(this.#idPrefix);
    this.#joined = {
      catalogue: deps.catalogue,
      patience: {
        patienceMs: limits.memberMs,
        after: (ms, fn) => deps.clock.after(ms, fn),
        late: (changed) => this.outbox.send(notificationMessage(changed), undefined, changed),
      },
      members: () => this.#all(),
      give: (...handed) => this.#give(...handed),
      setLevel: (params) => this.#setLevel(params),
      refused: ({ id }, why) =>
        recordFault({ deps, client: options.client, server: ALL }, options.id, {
          code: INVALID_PARAMS,
          message: why,
          id,
        }),
    };
    this.outbox = new Outbox({
      limits,
      clock: deps.clock,
      dropped: (request) => this.#dropped(request),
      resumption: options.shelf && {
        shelf: options.shelf,
        tag: () => deps.randomBytes(9).toString('base64url'),
        version: () => this.protocolVersion,
      },
    });
  }

  get inFlight(): number {
    return this.#sessions().reduce((sum, { pending }) => sum + pending.size, this.#waiting.size);
  }

  get connected(): boolean {
    return this.#sessions().some(({ connected }) => connected);
  }

  touch(): void {
    this.usedAt = this.#deps.clock.now();
    this.usedTick = this.#deps.clock.monotonic();
  }

  /** Takes a request of the client; its answer goes to `reply`. */
  request(message: RpcMessage, reply: Reply): void {
    const id = message.id as string;
    if (this.#waiting.has(id) || this.#holder(id)) {
      reply.answer(
        errorMessage(id, INVALID_REQUEST, `The id ${id} belongs to a request that is not answered yet.`),
      );
      return;
    }
    this.#waiting.set(id, reply);
    if (message.method === 'initialize') this.#begin(message, id);
    else
      serve(this.#joined, message).then(
        (raw) => raw && this.#answer(id, raw),
        (error: Error) => this.#answer(id, errorMessage(id, UPSTREAM_FAILED, error.message)),
      );
  }

  #begin(message: RpcMessage, id: string): void {
    const { protocolVersion, software, result } = welcome(message);
    this.#initialize = message;
    this.protocolVersion = protocolVersion;
    this.software = software;
    this.#deps.onHandshake(this.client.id, { software, protocolVersion });
    this.#answer(id, resultMessage(id, result));
  }

  /** Hands a request over to a server, under the server's own name for what it is about. */
  async #give(member: Member, message: RpcMessage, path?: readonly string[], name?: string): Promise<void> {
    const session = await member.ready();
    const id = message.id as string;
    const reply = this.#waiting.get(id);
    // It may have been cancelled meanwhile.
    if (!reply) return;
    this.#waiting.delete(id);
    session.touch();
    session.request(path ? made(withValueAt(message.raw, path, JSON.stringify(name))) : message, reply);
  }

  async #setLevel(params: JsonObject): Promise<void> {
    this.#level = params;
    const ready = [...this.#members.values()].filter(({ session }) => session);
    await Promise.all(ready.map((member) => member.ask('logging/setLevel', params)));
  }

  /** Hands over a notification. */
  async notify(message: RpcMessage): Promise<void> {
    if (message.method === 'notifications/initialized') return;
    if (message.method === 'notifications/cancelled' && message.cancels !== undefined) {
      const own = this.#waiting.get(message.cancels);
      this.#waiting.delete(message.cancels);
      own?.silent();
      await this.#holder(message.cancels)?.notify(message);
      return;
    }
    await Promise.all(this.#sessions().map((session) => session.notify(message)));
  }

  /** Takes the client's answer to a server's request. False when no server asked anything of that id. */
  async respond(message: RpcMessage): Promise<boolean> {
    const question = message.id === undefined ? undefined : this.#questions.take(message.id);
    if (!question) return false;
    return question.session.respond(made(withId(message.raw, question.id)));
  }

  /** The client closed the POST of these requests. */
  hungUp(ids: readonly string[], reply: Reply): void {
    for (const session of this.#sessions()) session.hungUp(ids, reply);
  }

  /** The client's first GET stream is open, or its last one closed. */
  listens(open: boolean): void {
    for (const session of this.#sessions()) session.listens(open);
  }

  /** The client came back for a request under way. */
  resumed(): void {
    for (const session of this.#sessions()) session.resumed();
  }

  /** Looks what is due. Times in ms of the monotonic clock. */
  tick(now: number): void {
    const { headersMs, keepAliveMs } = this.#limits;
    for (const reply of this.#waiting.values()) reply.tick(now, headersMs, keepAliveMs);
    this.outbox.tick(now, keepAliveMs);
  }

  /** Its members tell it, each of its own tools. */
  notifyToolsChanged(): void {}

  /** Its members rest by themselves. */
  async rest(): Promise<void> {}

  async end(why: string): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    for (const [id, reply] of this.#waiting) reply.answer(errorMessage(id, UPSTREAM_FAILED, why));
    this.#waiting.clear();
    // Also those whose server has not answered initialize yet.
    for (const { begun } of this.#members.values()) if (begun) this.#o.close(begun, why);
    this.outbox.end();
  }

  /** Every server of the client, in the order of its settings. */
  #all(): Member[] {
    return this.#deps.serversOf(this.client.id).map((server) => {
      let member = this.#members.get(server);
      if (!member) {
        member = this.#member(server);
        this.#members.set(server, member);
      }
      return member;
    });
  }

  #member(server: string): Member {
    if (!this.#initialize) throw new Error('The session begins with initialize.');
    return new Member({
      server,
      initialize: this.#initialize,
      idPrefix: `${this.#idPrefix}${this.#members.size}-`,
      open: () =>
        this.ended
          ? undefined
          : this.#o.open(server, (owner) => ({
              outbox: new MemberOutbox(this.outbox, owner, this.#limits),
              show: (session, message) => this.#questions.show(session, message),
            })),
      opened: async (session, member) => {
        if (this.outbox.listening) session.listens(true);
        if (this.#level) await member.ask('logging/setLevel', this.#level);
      },
    });
  }

  #sessions(): Session[] {
    return [...this.#members.values()].flatMap(({ session }) => session ?? []);
  }

  /** The session that has this request of the client. */
  #holder(id: string): Session | undefined {
    return this.#sessions().find((session) => session.pending.has(id));
  }

  #answer(id: string, raw: Buffer): void {
    const reply = this.#waiting.get(id);
    this.#waiting.delete(id);
    reply?.answer(raw);
  }

  #dropped(request: string | undefined): void {
    if (request === undefined) return;
    const { owner, id } = ownerOf(request);
    this.#sessions()
      .find((session) => session.id === owner)
      ?.dropped(id);
  }
}
