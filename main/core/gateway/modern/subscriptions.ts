import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { InFlight } from '../call/in-flight.ts';
import type { Pending } from '../call/pending.ts';
import { SUBSCRIPTION_ID } from './era.ts';

/** One subscriptions/listen of a client (MCP 2026-07-28, subscriptions). */
export interface Subscription {
  /** It asked for changes of the list of tools. */
  readonly tools: boolean;
  /** Tasks it asked about. */
  readonly tasks: readonly string[];
  acknowledged: boolean;
}

function subscriptionOf(message: RpcMessage): Subscription {
  const { params } = message.value();
  const filter = isObject(params) && isObject(params.notifications) ? params.notifications : {};
  const tasks = Array.isArray(filter.taskIds) ? filter.taskIds : [];
  return {
    tools: filter.toolsListChanged === true,
    tasks: tasks.filter((id) => typeof id === 'string'),
    acknowledged: false,
  };
}

/** What the gateway itself says on a subscription. `id` is the raw id of the listen request. */
export const own = {
  acknowledged: (id: string): Buffer =>
    Buffer.from(
      `{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"${SUBSCRIPTION_ID}":${id}},"notifications":{"toolsListChanged":true}}}`,
    ),
  toolsChanged: (id: string): Buffer =>
    Buffer.from(
      `{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"${SUBSCRIPTION_ID}":${id}}}}`,
    ),
  /** The graceful end (subscriptions, graceful closure). */
  ended: (id: string): Buffer =>
    Buffer.from(
      `{"jsonrpc":"2.0","id":${id},"result":{"resultType":"complete","_meta":{"${SUBSCRIPTION_ID}":${id}}}}`,
    ),
};

/** The subscriptions that are open between a client and a server: which of the requests under way are one. */
export class Subscriptions {
  readonly #requests: InFlight;
  readonly #all = new WeakMap<Pending, Subscription>();

  constructor(requests: InFlight) {
    this.#requests = requests;
  }

  add(pending: Pending): Subscription {
    const subscription = subscriptionOf(pending.message);
    this.#all.set(pending, subscription);
    return subscription;
  }

  get(pending: Pending): Subscription | undefined {
    return this.#all.get(pending);
  }

  has(pending: Pending): boolean {
    return this.#all.has(pending);
  }

  /** Those that were acknowledged. */
  open(): Pending[] {
    return [...this.#requests.byId.values()].filter((pending) => this.#all.get(pending)?.acknowledged);
  }

  /** The gateway keeps this one in the server's place. False when it is not one for changes of the tools. */
  takeOver(pending: Pending): boolean {
    const subscription = this.#all.get(pending);
    if (!subscription?.tools) return false;
    subscription.acknowledged = true;
    void pending.reply.push(own.acknowledged(pending.id), this.#requests.deps.clock.monotonic());
    return true;
  }

  /** Tells those that asked for it, and were acknowledged, that the policy changed what they see. */
  toolsChanged(): void {
    for (const pending of this.open()) {
      if (this.#all.get(pending)?.tools)
        void pending.reply.push(own.toolsChanged(pending.id), this.#requests.deps.clock.monotonic());
    }
  }
}
