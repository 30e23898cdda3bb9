import { running } from '../../../../shared/text/model.ts';
import type { ApprovalOutcome, HeldCall } from '../../approvals/types.ts';
import { notificationMessage } from '../../codec/index.ts';
import type { GatewayLimits } from '../types.ts';
import type { EraRules } from './era-rules.ts';
import type { ClientPatience } from './patience.ts';
import type { Pending } from './pending.ts';

/**
 * How long a client's call may be held on the line, ms: what is known of such clients, or less where this one was seen to
 * wait for less.
 */
export function holdTime(
  clientId: string,
  takesProgress: boolean,
  limits: GatewayLimits,
  patience?: ClientPatience,
): number {
  const learned = patience?.holdMs(clientId, takesProgress) ?? Number.POSITIVE_INFINITY;
  const known = Object.hasOwn(limits.holds, clientId) ? limits.holds[clientId] : undefined;
  const usual = (takesProgress ? known?.withProgressMs : undefined) ?? known?.plainMs ?? limits.holdMs;
  return Math.min(usual, learned);
}

/** So small that the progress of the server itself, which comes after, is larger. */
const STEP = 1e-9;

/**
 * Keeps a call on the line while a person is asked: its stream is opened at once, and shows progress when the client
 * asked for it. Resolves with the person's answer, and how long that took in ms.
 */
export async function hold(
  era: EraRules,
  pending: Pending,
  held: HeldCall,
): Promise<{ outcome: ApprovalOutcome; heldMs: number }> {
  const { deps, limits } = era.requests;
  const { clock } = deps;
  const began = clock.monotonic();
  pending.state = 'held';
  pending.held = held;
  pending.reply.open();
  const token = pending.message.progressToken;
  const say = (): void => {
    pending.progress = (pending.progress ?? 0) + STEP;
    const params = `{"progressToken":${token},"progress":${pending.progress},"message":${JSON.stringify(running.waiting)}}`;
    pending.reply.push(withParams(params), clock.monotonic());
  };
  const letGo = era.listing.held();
  const stop = token === undefined ? undefined : clock.every(limits.progressMs, say);
  try {
    const outcome = await held.outcome;
    return { outcome, heldMs: Math.round(clock.monotonic() - began) };
  } finally {
    stop?.();
    letGo();
    pending.held = undefined;
    if (pending.state === 'held') pending.state = 'waiting';
  }
}

/** The token's own text is kept: it may be an integer beyond a double. */
function withParams(params: string): Buffer {
  const empty = notificationMessage('notifications/progress').toString();
  return Buffer.from(`${empty.slice(0, -1)},"params":${params}}`);
}
