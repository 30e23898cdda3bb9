import { ended, failed } from '../../../../shared/text/model.ts';
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
import { UPSTREAM_FAILED } from '../call/in-flight.ts';
import { recordFault } from '../call/record-fault.ts';
import { ALL } from '../http/guard.ts';
import { onLine } from '../legacy/absence.ts';
import type { ClientSession } from '../legacy/client-session.ts';
import type { Owner, Session } from '../legacy/session.ts';
import { sessionOutbox } from '../legacy/session-outbox.ts';
import type { Shelf } from '../streams/event-buffer.ts';
import type { Outbox } from '../streams/outbox.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { Used } from '../used.ts';
import { Member, made } from './member.ts';
import { MemberOutbox, ownerOf } from './member-outbox.ts';
import { Members } from './members.ts';
import { Questions } from './questions.ts';
import { type Joined, serve } from './serve.ts';
import { welcome } from './welcome.ts';

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
  /** Whether the client of all of them is there. */
  readonly owner: Owner;
}

/**
 * One client's session with all its servers at once (docs/design/gateway.md): tools and prompts carry a short name of
 * their server, lists are joined, calls go to the server they name and are judged there under their own names.
 */
export class Aggregate extends Used implements ClientSession {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server = ALL;
  readonly outbox: Outbox;
  protocolVersion: string | null = null;
  software = '';
  ended = false;
  /** Requests that are not a member's yet, or several members' at once, by id. */
  readonly #waiting = new Map<string, Reply>();
  readonly #deps: GatewayDeps;
  readonly #limits: GatewayLimits;
  readonly #o: AggregateOptions;
  readonly #members: Members;
  readonly #questions: Questions;
  readonly #idPrefix: string;
  #initialize: RpcMessage | undefined;
  readonly #joined: Joined;
  /** The client's last logging/setLevel: for servers that begin later. */
  #level: JsonObject | undefined;

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: AggregateOptions) {
    super(deps.clock);
    this.#deps = deps;
    this.#limits = limits;
    this.#o = options;
    this.id = options.id;
    this.client = options.client;
    this.#idPrefix = `drawbridge-${deps.randomBytes(9).toString('base64url')}-`;
    this.#questions = new Questions(this.#idPrefix);
    this.#members = new Members(
      () => deps.serversOf(options.client.id),
      (server, index) => this.#member(server, index),
    );
    this.#joined = {
      catalogue: deps.catalogue,
      patience: {
        patienceMs: limits.memberMs,
        after: (ms, fn) => deps.clock.after(ms, fn),
        late: (changed) => this.outbox.send(notificationMessage(changed), undefined, changed),
      },
      members: () => this.#members.all(),
      give: (...handed) => this.#give(...handed),
      setLevel: (params) => this.#setLevel(params),
      refused: ({ id }, message) => {
        const sender = { deps, client: options.client, server: ALL };
        recordFault(sender, options.id, { code: INVALID_PARAMS, message, id });
      },
    };
    this.outbox = sessionOutbox(deps, limits, {
      shelf: options.shelf,
      version: () => this.protocolVersion,
      dropped: (request) => this.#dropped(request),
    });
  }

  get inFlight(): number {
    return this.#members.sessions().reduce((sum, { inFlight }) => sum + inFlight, this.#waiting.size);
  }

  get attended(): boolean {
    if (this.outbox.listening) return true;
    for (const reply of this.#waiting.values()) if (reply.here) return true;
    return this.#members.sessions().some(({ requests }) => onLine(requests));
  }

  get connected(): boolean {
    return this.#members.sessions().some(({ connected }) => connected);
  }

  /** Takes a request of the client; its answer goes to `reply`. */
  request(message: RpcMessage, reply: Reply): void {
    this.touch();
    const id = message.id as string;
    if (this.#waiting.has(id) || this.#members.holder(id)) {
      reply.answer(errorMessage(id, INVALID_REQUEST, failed.idTaken(id)));
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
    this.left = true;
  }

  /** Hands a request over to a server, under the server's own name for what it is about. */
  async #give(member: Member, message: RpcMessage, path?: readonly string[], name?: string): Promise<void> {
    const session = await member.ready();
    const id = message.id as string;
    const reply = this.#waiting.get(id);
    // It may have been cancelled meanwhile.
    if (!reply) return;
    this.#waiting.delete(id);
    session.request(path ? made(withValueAt(message.raw, path, JSON.stringify(name))) : message, reply);
  }

  async #setLevel(params: JsonObject): Promise<void> {
    this.#level = params;
    const ready = this.#members.begun().filter(({ session }) => session);
    await Promise.all(ready.map((member) => member.ask('logging/setLevel', params)));
  }

  /** Hands over a notification. */
  async notify(message: RpcMessage): Promise<void> {
    this.touch();
    if (message.method === 'notifications/initialized') return;
    if (message.method === 'notifications/cancelled' && message.cancels !== undefined) {
      const own = this.#waiting.get(message.cancels);
      this.#waiting.delete(message.cancels);
      own?.silent();
      await this.#members.holder(message.cancels)?.notify(message);
      return;
    }
    await Promise.all(this.#members.sessions().map((session) => session.notify(message)));
  }

  /** Takes the client's answer to a server's request. False when no server asked anything of that id. */
  async respond(message: RpcMessage): Promise<boolean> {
    this.touch();
    const question = message.id === undefined ? undefined : this.#questions.take(message.id);
    if (!question) return false;
    return question.session.respond(made(withId(message.raw, question.id)));
  }

  /** The client closed the POST of these requests. */
  hungUp(ids: readonly string[], reply: Reply): void {
    this.left = true;
    for (const session of this.#members.sessions()) session.hungUp(ids, reply);
  }

  /** The client's first GET stream is open, or its last one closed. */
  listens(open: boolean): void {
    for (const session of this.#members.sessions()) session.listens(open);
  }

  /** The client came back for a request under way. */
  resumed(): void {
    for (const session of this.#members.sessions()) session.resumed();
  }

  /** Headers and signs of life that are due; ms of the monotonic clock. */
  tick(now: number): void {
    const { headersMs, keepAliveMs } = this.#limits;
    for (const reply of this.#waiting.values()) reply.tick(now, headersMs, keepAliveMs);
    this.outbox.tick(now, keepAliveMs);
  }

  /** Its members tell it, each of its own tools. */
  notifyToolsChanged(): void {}

  /** Its members rest by themselves. */
  async rest(): Promise<void> {
    this.#answerAll(ended.clientGone);
  }

  #answerAll(why: string): void {
    for (const [id, reply] of this.#waiting) reply.answer(errorMessage(id, UPSTREAM_FAILED, why));
    this.#waiting.clear();
  }

  async end(why: string): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    this.#answerAll(why);
    // Also those whose server has not answered initialize yet.
    for (const { begun } of this.#members.begun()) if (begun) this.#o.close(begun, why);
    this.outbox.end();
  }

  #member(server: string, index: number): Member {
    if (!this.#initialize) throw new Error('The session begins with initialize.');
    return new Member({
      server,
      initialize: this.#initialize,
      idPrefix: `${this.#idPrefix}${index}-`,
      open: () =>
        this.ended
          ? undefined
          : this.#o.open(server, (owner) => ({
              outbox: new MemberOutbox(this.outbox, owner, this.#limits),
              show: (session, message) => this.#questions.show(session, message),
              owner: this,
            })),
      opened: async (session, member) => {
        if (this.outbox.listening) session.listens(true);
        if (this.#level) await member.ask('logging/setLevel', this.#level);
      },
    });
  }

  #answer(id: string, raw: Buffer): void {
    const reply = this.#waiting.get(id);
    this.#waiting.delete(id);
    reply?.answer(raw);
  }

  #dropped(request: string | undefined): void {
    if (request === undefined) return;
    const { owner, id } = ownerOf(request);
    this.#members
      .sessions()
      .find((session) => session.id === owner)
      ?.asked.dropped(id);
  }
}
