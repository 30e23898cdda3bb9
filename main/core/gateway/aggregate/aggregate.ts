import {
  errorMessage,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  notificationMessage,
  resultMessage,
  withId,
} from '../../codec/index.ts';
import { withValueAt } from '../../codec/items.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import { unknownTool } from '../answers.ts';
import type { Shelf } from '../kept-events.ts';
import { isObject } from '../listing.ts';
import { Outbox } from '../outbox.ts';
import { faultRecord } from '../records.ts';
import type { Reply } from '../reply.ts';
import type { Session } from '../session.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { memberOf, ownName, resourceOwner, toolOf } from './find.ts';
import { welcome } from './initialize.ts';
import { joinLists, LISTS } from './lists.ts';
import { Member, made } from './member.ts';
import { MemberOutbox, ownerOf } from './member-outbox.ts';
import { Questions } from './questions.ts';

/** Newer revisions use INVALID_PARAMS; clients of the versions with sessions know this (MCP 2025-11-25, resources). */
const RESOURCE_NOT_FOUND = -32002;
const UPSTREAM_FAILED = -32000;

/** Stands for all servers where one would be named. No server can have this name. */
export const ALL = '/mcp';

export interface AggregateOptions {
  readonly id: string;
  readonly client: ClientIdentity;
  /** A new session of this client with one server. @throws Error when there are too many */
  open(server: string, hooks: MemberHooks): Session;
  /** Room for what clients missed, of all sessions. Without it nothing can be resumed. */
  readonly shelf?: Shelf;
  close(session: Session, why: string): void;
}
export interface MemberHooks {
  outbox(sessionId: string): Outbox;
  show(session: Session, message: RpcMessage): Buffer;
}

/**
 * One client's session with all its servers at once (gateway.md, endpoints): tools and prompts carry a short name of their
 * server, lists are joined, calls go to the server they name and are judged there under their own names.
 */
export class Aggregate {
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

  get busy(): boolean {
    return this.#waiting.size > 0 || this.outbox.listening;
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
    this.#serve(message, id, reply).catch((error: Error) => {
      this.#answer(id, errorMessage(id, UPSTREAM_FAILED, error.message));
    });
  }

  async #serve(message: RpcMessage, id: string, reply: Reply): Promise<void> {
    const method = message.method as string;
    if (method === 'initialize') this.#begin(message, id);
    else if (method === 'ping') this.#answer(id, resultMessage(id, {}));
    else if (method in LISTS) await this.#list(message, method, id);
    else if (message.call) await this.#call(message, message.call.name, id, reply);
    else if (method === 'prompts/get') await this.#prompt(message, id, reply, ['params', 'name']);
    else if (method.startsWith('resources/')) await this.#resource(message, id, reply, 'uri');
    else if (method === 'completion/complete') await this.#complete(message, id, reply);
    else if (method === 'logging/setLevel') await this.#setLevel(message, id);
    else this.#answer(id, errorMessage(id, METHOD_NOT_FOUND, `Method not found: ${method}`));
  }

  #begin(message: RpcMessage, id: string): void {
    const { protocolVersion, software, result } = welcome(message);
    this.#initialize = message;
    this.protocolVersion = protocolVersion;
    this.software = software;
    this.#deps.onHandshake(this.client.id, { software, protocolVersion });
    this.#answer(id, resultMessage(id, result));
  }

  async #list(message: RpcMessage, method: string, id: string): Promise<void> {
    const { cursor } = paramsOf(message);
    const result = await joinLists(method, this.#all(), typeof cursor === 'string' ? cursor : undefined, {
      patienceMs: this.#limits.memberMs,
      after: (ms, fn) => this.#deps.clock.after(ms, fn),
      late: (changed) => this.outbox.send(notificationMessage(changed), undefined, changed),
    });
    if (!result) this.#answer(id, errorMessage(id, INVALID_PARAMS, 'The cursor is not one of this list.'));
    else
      this.#answer(
        id,
        Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":`), result, Buffer.from('}')]),
      );
  }

  async #call(message: RpcMessage, exposed: string, id: string, reply: Reply): Promise<void> {
    const member = memberOf(exposed, this.#all());
    const tool = member && (await toolOf(member, exposed, this.#deps.catalogue));
    if (!member || tool === undefined) {
      this.#refused(message, `No server lists a tool that is named ${exposed} here.`);
      this.#answer(id, unknownTool(id, exposed));
      return;
    }
    await this.#give(member, message, reply, ['params', 'name'], tool);
  }

  async #prompt(message: RpcMessage, id: string, reply: Reply, path: readonly string[]): Promise<void> {
    const exposed = String(valueAt(message, path));
    const member = memberOf(exposed, this.#all());
    let name = member && ownName(member.server, exposed, member.prompts);
    if (member && name === undefined) {
      // The client may know the name from an earlier session.
      await joinLists('prompts/list', [member], undefined, this.#quietly());
      name = ownName(member.server, exposed, member.prompts);
    }
    if (!member || name === undefined)
      this.#answer(id, errorMessage(id, INVALID_PARAMS, `Unknown prompt: ${exposed}`));
    else await this.#give(member, message, reply, path, name);
  }

  async #resource(message: RpcMessage, id: string, reply: Reply, key: string): Promise<void> {
    const uri = String(paramsOf(message)[key]);
    let owner = resourceOwner(uri, this.#all());
    if (!owner) {
      await joinLists('resources/list', this.#all(), undefined, this.#quietly());
      await joinLists('resources/templates/list', this.#all(), undefined, this.#quietly());
      owner = resourceOwner(uri, this.#all());
    }
    if (owner) await this.#give(owner, message, reply);
    else
      this.#answer(id, errorMessage(id, RESOURCE_NOT_FOUND, `None of the servers lists the resource ${uri}`));
  }

  async #complete(message: RpcMessage, id: string, reply: Reply): Promise<void> {
    const { ref } = paramsOf(message);
    if (isObject(ref) && ref.type === 'ref/prompt') {
      await this.#prompt(message, id, reply, ['params', 'ref', 'name']);
      return;
    }
    const uri = isObject(ref) ? String(ref.uri) : '';
    const owner =
      resourceOwner(uri, this.#all()) ?? resourceOwner(uri.split('{', 1)[0] as string, this.#all());
    if (owner) await this.#give(owner, message, reply);
    else this.#answer(id, errorMessage(id, INVALID_PARAMS, `None of the servers lists ${uri}`));
  }

  async #setLevel(message: RpcMessage, id: string): Promise<void> {
    this.#level = paramsOf(message);
    const ready = this.#all().filter((member) => member.session);
    await Promise.all(ready.map((member) => member.ask('logging/setLevel', this.#level as JsonObject)));
    this.#answer(id, resultMessage(id, {}));
  }

  /** Hands a request over to a server, under the server's own name for what it is about. */
  async #give(
    member: Member,
    message: RpcMessage,
    reply: Reply,
    path?: readonly string[],
    name?: string,
  ): Promise<void> {
    const session = await member.ready();
    const id = message.id as string;
    // It may have been cancelled meanwhile.
    if (!this.#waiting.delete(id)) return;
    session.touch();
    const own = path === undefined ? message : made(withValueAt(message.raw, path, JSON.stringify(name)));
    session.request(own, reply);
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

  end(why: string): void {
    if (this.ended) return;
    this.ended = true;
    for (const [id, reply] of this.#waiting) reply.answer(errorMessage(id, UPSTREAM_FAILED, why));
    this.#waiting.clear();
    for (const session of this.#sessions()) this.#o.close(session, why);
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
        this.#o.open(server, {
          outbox: (owner) => new MemberOutbox(this.outbox, owner, this.#limits),
          show: (session, message) => this.#questions.show(session, message),
        }),
      opened: async (session, member) => {
        if (this.outbox.listening) session.link.openStream();
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

  #quietly(): Parameters<typeof joinLists>[3] {
    return {
      patienceMs: this.#limits.memberMs,
      after: (ms, fn) => this.#deps.clock.after(ms, fn),
      late() {},
    };
  }

  #refused(message: RpcMessage, why: string): void {
    const { deps, id } = { deps: this.#deps, id: message.id };
    const caller = {
      clientId: this.client.id,
      clientName: deps.clientName(this.client.id),
      server: ALL,
      session: this.id,
    };
    const seq = deps.audit.begin(faultRecord(caller, { code: INVALID_PARAMS, message: why, id }));
    deps.audit.finish(seq, {
      status: 'not-run',
      durationMs: 0,
      resultDigest: null,
      resultBytes: null,
      error: why,
    });
  }

  #dropped(request: string | undefined): void {
    if (request === undefined) return;
    const { owner, id } = ownerOf(request);
    this.#sessions()
      .find((session) => session.id === owner)
      ?.dropped(id);
  }
}

function paramsOf(message: RpcMessage): JsonObject {
  const { params } = message.value();
  return isObject(params) ? params : {};
}

function valueAt(message: RpcMessage, path: readonly string[]): unknown {
  let value: unknown = message.value();
  for (const name of path) value = isObject(value as JsonObject) ? (value as JsonObject)[name] : undefined;
  return value;
}
