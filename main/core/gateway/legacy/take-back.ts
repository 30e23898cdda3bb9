import { notRun, reasons } from '../../../../shared/text/model.ts';
import { GATEWAY_RULES } from '../call/gateway-rules.ts';
import type { InFlight } from '../call/in-flight.ts';
import type { Reply } from '../streams/reply.ts';

/** The client cancels a request, by its raw id. @returns whether that is for the server to hear */
export function cancel(requests: InFlight, id: string): boolean {
  const pending = requests.byId.get(id);
  if (!pending) return true;
  if (pending.method === 'initialize') return false;
  const sent = requests.withdraw(pending, reasons.cancelled);
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
    requests.withdraw(pending, hungUp.reason);
    // Kept for a client that comes back for its stream.
    const text = notRun.withdrawn(pending.call.name, hungUp.reason);
    reply.answer(requests.notRun(pending, { text, meta: { decision: 'withdrawn', ...hungUp } }));
  }
  return begins;
}
