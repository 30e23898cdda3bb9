import { isObject } from '../../../../shared/base/is-object.ts';
import { valueDigest, withArguments } from '../../codec/index.ts';
import type { JsonObject, RpcMessage, ToolCall } from '../../codec/types.ts';
import type { Reservation } from '../../policy/types.ts';
import type { Approved } from '../call/approved.ts';
import { FOLLOW_UP_MEMBERS, type Pending } from '../call/pending.ts';

/** What is kept of a call that its server answered with questions, until the client calls again with the answers. */
export interface Round {
  /** Record of the call. */
  readonly seq: number | undefined;
  readonly approved: Approved | undefined;
  readonly reservation: Reservation | undefined;
  /** A person changed the arguments of the call, who, and to what: the client repeats those it sent, and these run. */
  readonly edit: { readonly by: string; readonly rule: string; readonly argumentsText: string } | undefined;
}

interface Open extends Round {
  /** Names of the server's questions. */
  readonly asked: ReadonlySet<string>;
  /** Monotonic ms. */
  readonly until: number;
}

/** How long the user of a client may take to answer, ms. */
const OPEN_MS = 30 * 60_000;
const MAX_OPEN = 1000;

/**
 * Calls with several rounds (MCP 2026-07-28, multi round-trip requests). Each round is a call of its own, judged again. A
 * person who allowed the first one allowed this tool with these arguments; the following round is the same only when it
 * comes from the same client, with the same tool and arguments, with the very state the server gave in answer to the
 * allowed call, and answers nothing but what the server asked then. Each is spent by its first use, so that an allowed
 * call still runs once. Anything else is a new call, and asks again: a state from elsewhere, or answers to questions nobody
 * asked, could make another call of the one that was allowed.
 */
export class Rounds {
  readonly #open = new Map<string, Open[]>();
  #size = 0;

  /** Notes the server's questions in answer to `call`, as the client sent it. @param now monotonic ms */
  remember(call: ToolCall, answer: RpcMessage, round: Round, now: number): void {
    const { result } = answer.value();
    if (!isObject(result) || !call.extras.every((name) => FOLLOW_UP_MEMBERS.includes(name))) return;
    const { requestState, inputRequests } = result;
    if (this.#size >= MAX_OPEN) this.#sweep(now);
    if (this.#size >= MAX_OPEN) return;
    const key = keyOf(call, requestState === undefined ? undefined : valueDigest(requestState));
    const asked = new Set(isObject(inputRequests) ? Object.keys(inputRequests) : []);
    const list = this.#open.get(key) ?? [];
    list.push({ ...round, asked, until: now + OPEN_MS });
    this.#open.set(key, list);
    this.#size++;
  }

  /** The round that this call goes on with; it is spent by that. @param now monotonic ms */
  #take(call: ToolCall, message: RpcMessage, now: number): Round | undefined {
    const { extras } = call;
    if (this.#size === 0 || extras.length === 0 || !extras.every((name) => FOLLOW_UP_MEMBERS.includes(name)))
      return undefined;
    const { params } = message.value();
    const { requestState, inputResponses } = params as JsonObject;
    const key = keyOf(call, requestState === undefined ? undefined : valueDigest(requestState));
    const list = this.#open.get(key);
    const answered = isObject(inputResponses) ? Object.keys(inputResponses) : [];
    const at = list?.findIndex(
      ({ asked, until }) => until > now && answered.every((name) => asked.has(name)),
    );
    if (!list || at === undefined || at < 0) return undefined;
    const [round] = list.splice(at, 1);
    this.#size--;
    if (list.length === 0) this.#open.delete(key);
    return round;
  }

  /**
   * Makes a call the next round of the one it goes on with, if there is one: it runs with the arguments a person gave that. The
   * counters the first round took are given back before the next one is judged and takes them itself: a call with questions
   * in between counts once.
   * @param maxBytes of the whole message
   * @returns who allowed the first round
   */
  resume(pending: Pending, now: number, maxBytes: number): Approved | undefined {
    const round = this.#take(pending.call, pending.message, now);
    if (!round) return undefined;
    round.reservation?.release();
    pending.follows = round.seq;
    const { edit } = round;
    if (!edit) return round.approved;
    const changed = withArguments(pending.message, edit.argumentsText, maxBytes);
    if (!changed.ok) return undefined;
    pending.change(changed.message, edit.by, edit.rule);
    return round.approved;
  }

  #sweep(now: number): void {
    for (const [key, list] of this.#open) {
      const left = list.filter(({ until }) => until > now);
      this.#size -= list.length - left.length;
      if (left.length > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    }
  }
}

function keyOf(call: ToolCall, state: string | undefined): string {
  return `${call.argumentsDigest()} ${state ?? '-'} ${call.name}`;
}
