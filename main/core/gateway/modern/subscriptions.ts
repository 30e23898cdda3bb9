import type { RpcMessage } from '../../codec/types.ts';
import { isObject } from '../listing.ts';
import { SUBSCRIPTION_ID } from './era.ts';

/** One subscriptions/listen of a client (MCP 2026-07-28, subscriptions). */
export interface Subscription {
  /** It asked for changes of the list of tools. */
  readonly tools: boolean;
  /** Tasks it asked about. */
  readonly tasks: readonly string[];
  acknowledged: boolean;
}

export function subscriptionOf(message: RpcMessage): Subscription {
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
