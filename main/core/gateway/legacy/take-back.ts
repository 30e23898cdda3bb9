import { isObject } from '../../../../shared/base/is-object.ts';
import { notRun, reasons } from '../../../../shared/text/model.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { GATEWAY_RULES } from '../call/gateway-rules.ts';
import type { InFlight } from '../call/in-flight.ts';
import type { Told } from '../call/not-run.ts';
import type { Reply } from '../streams/reply.ts';

/** The reason that a client gives in notifications/cancelled. */
export function saidIn(cancelled: RpcMessage): string | undefined {
  const { params } = cancelled.value();
  return isObject(params) && typeof params.reason === 'string' ? params.reason.slice(0, 500) : undefined;
}

/** The client cancels a request, by its raw id. @param said its reason @returns whether that is for the server to hear */
export function cancel(requests: InFlight, id: string, said?: string): boolean {
  const pending = requests.byId.get(id);
  if (!pending) return true;
  if (pending.method === 'initialize') return false;
  const sent = requests.withdraw(pending, reasons.cancelled, said);
  pending.reply.silent();
  return sent;
}

/**
 * The client closed the POST of these requests. In revisions with sessions that cancels nothing (docs/wire.md), but a person
 * is not left with a question whose answer no client waits for.
 * @param ids raw
 * @returns whether initialize is among them: nobody knows of the session yet, and nobody ever will
 */
export function hangUp(requests: InFlight, ids: readonly string[], reply: Reply): boolean {
  let begins = false;
  for (const id of ids) {
    const pending = requests.byId.get(id);
    if (pending?.reply !== reply) continue;
    begins ||= pending.method === 'initialize';
    if (pending.state !== 'held') continue;
    const { hungUp } = GATEWAY_RULES;
    const { held } = pending;
    requests.withdraw(pending, hungUp.reason);
    // Kept for a client that comes back for its stream.
    const { name } = pending.call;
    const told: Told =
      held && pending.ranOut
        ? {
            text: notRun.pending(name, held.approvalId),
            meta: { decision: 'pending', ...hungUp, approvalId: held.approvalId },
          }
        : { text: notRun.withdrawn(name, hungUp.reason), meta: { decision: 'withdrawn', ...hungUp } };
    reply.answer(requests.notRun(pending, told));
  }
  return begins;
}
