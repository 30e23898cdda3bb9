import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ApprovalScope, DecisionResult } from '../../../shared/schemas/approval.ts';
import type { Clock } from '../ports.ts';
import { createGrants, wholeKey } from './grants.ts';
import { Prompt } from './prompt.ts';
import { shortId } from './short-id.ts';
import type { ApprovalOutcome, ApprovalRequest, Approvals, HeldCall } from './types.ts';

const MAX_PROMPTS = 200;
const MAX_PROMPTS_PER_CLIENT = 50;
/** Arguments of all waiting prompts together, characters. One prompt alone may be larger. */
const MAX_ARGUMENTS = 32 * 1024 * 1024;
/** Answered prompts whose ids are remembered, to tell a second click from a wrong id. */
const REMEMBERED = 200;

/**
 * The queue of calls that wait for a person (gateway.md, "Holding a call for a person"). All of it is in memory: when the
 * core ends, prompts, tickets and grants are gone and every call asks again.
 * `onAlways` writes the policy rule of the scope `always`; when it throws, nothing is decided.
 */
export function createApprovals(deps: {
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Buffer;
  readonly onAlways: (request: ApprovalRequest) => Promise<void>;
}): Approvals {
  const { clock, randomBytes, onAlways } = deps;
  const prompts = new Map<string, Prompt>();
  const byKey = new Map<string, Prompt>();
  const answered = new Map<string, string>();
  const grants = createGrants(clock);
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const remove = (prompt: Prompt, why: string): void => {
    prompt.stopTimer();
    prompts.delete(prompt.id);
    if (byKey.get(wholeKey(prompt.request)) === prompt) byKey.delete(wholeKey(prompt.request));
    answered.set(prompt.id, why);
    const oldest = answered.keys().next();
    if (answered.size > REMEMBERED && !oldest.done) answered.delete(oldest.value);
  };
  const withdraw = (prompt: Prompt, reason: string): void => {
    remove(prompt, `was withdrawn (${reason})`);
    prompt.settleAll({ kind: 'withdrawn', reason });
  };
  /** Brings the queue up to the clock, which may have jumped past timers that have not run. */
  const sweep = (): void => {
    let any = false;
    for (const prompt of [...prompts.values()]) {
      any = prompt.sweep() || any;
      if (!prompt.expired || prompt.deciding) continue;
      prompt.settleAll({ kind: 'pending' });
      remove(prompt, 'expired before anybody answered');
      any = true;
    }
    if (any) changed();
  };
  /** Every retry puts the end off, so the timer looks again when it runs. */
  const watchEnd = (prompt: Prompt): void => {
    prompt.stopTimer = clock.after(Math.max(0, prompt.endsAt - clock.now()), () => {
      sweep();
      if (prompts.has(prompt.id)) watchEnd(prompt);
    });
  };

  const full = (request: ApprovalRequest): boolean => {
    if (prompts.size >= MAX_PROMPTS) return true;
    let ofClient = 0;
    let size = 0;
    for (const prompt of prompts.values()) {
      if (prompt.request.clientId === request.clientId) ofClient += 1;
      size += prompt.request.argumentsText.length;
    }
    return (
      ofClient >= MAX_PROMPTS_PER_CLIENT || (size > 0 && size + request.argumentsText.length > MAX_ARGUMENTS)
    );
  };
  const allow = (prompt: Prompt, scope: ApprovalScope, by: string): DecisionResult => {
    const { request, id } = prompt;
    remove(prompt, `was already allowed by ${by}`);
    if (scope !== 'once') grants.addLasting(request, by, scope);
    const ran = prompt.settleAll({ kind: 'allowed', by, scope });
    if (ran > 0) {
      const calls = ran === 1 ? 'The call runs now.' : `${ran} identical calls run now.`;
      return { id, outcome: 'ran', message: `${calls}${LASTS[scope]}` };
    }
    if (scope === 'once') grants.addTicket(request, by);
    const next =
      scope === 'once'
        ? 'The next identical call within 5 minutes runs, once.'
        : 'The next identical call runs.';
    return {
      id,
      outcome: 'ticket',
      message: `Nobody was waiting on the line any more. ${next}${LASTS[scope]}`,
    };
  };

  return {
    spend: (key) => grants.spend(key),

    ask(request) {
      sweep();
      const refusal = grants.takeRefusal(request);
      if (refusal)
        return settled(refusal.approvalId, { kind: 'denied', by: refusal.by, message: refusal.message });
      let prompt = byKey.get(wholeKey(request));
      if (!prompt) {
        const id = shortId(randomBytes, (taken) => prompts.has(taken) || answered.has(taken));
        if (full(request)) return settled(id, { kind: 'overflow' });
        prompt = new Prompt(clock, id, request);
        prompts.set(id, prompt);
        byKey.set(wholeKey(request), prompt);
        watchEnd(prompt);
      }
      const joined = prompt;
      const { outcome, leave } = joined.join(request.holdMs, changed);
      changed();
      return {
        approvalId: joined.id,
        outcome,
        withdraw(reason) {
          if (!leave(reason)) return;
          if (joined.holding === 0 && joined.told === 0 && prompts.has(joined.id))
            remove(joined, `was withdrawn (${reason})`);
          changed();
        },
      };
    },

    list() {
      sweep();
      return [...prompts.values()].filter((prompt) => !prompt.deciding).map((prompt) => prompt.view());
    },

    async decide({ id, decision, scope, message, argumentsDigest, by }) {
      sweep();
      const prompt = prompts.get(id);
      if (!prompt) throw gone(id, answered.get(id));
      if (prompt.deciding) throw gone(id, 'is being answered already');
      if (argumentsDigest !== undefined && argumentsDigest !== prompt.request.argsDigest)
        throw new RpcError(
          'conflict',
          `The arguments on the screen are not those of the call ${id}. Nothing was decided.`,
          'Look at the prompt again.',
        );
      if (decision === 'deny') {
        const refusal = { approvalId: id, by, message: message ?? null };
        remove(prompt, `was already denied by ${by}`);
        if (prompt.told > 0) grants.addRefusal(prompt.request, refusal);
        const told = prompt.settleAll({ kind: 'denied', by, message: refusal.message });
        changed();
        return {
          id,
          outcome: 'denied',
          message: told > 0 ? 'The call was denied.' : 'Denied. The agent hears of it when it calls again.',
        };
      }
      if (!prompt.scopes.includes(scope))
        throw new RpcError(
          'refused',
          `The call ${id} can only be allowed once, because it is ${prompt.request.risk.severity} and ${prompt.request.risk.category}.`,
          'Allow it once.',
        );
      if (scope === 'always') {
        // While the rule is written, the change of policy it makes must not withdraw the very prompt it comes from.
        prompt.deciding = true;
        changed();
        try {
          await onAlways(prompt.request);
        } catch (error) {
          if (error instanceof RpcError) throw error;
          const why = error instanceof Error ? error.message : String(error);
          throw new RpcError(
            'refused',
            `The rule for ${prompt.request.tool} could not be saved: ${why} The call is still waiting.`,
            'Allow it once, or mend the policy file and try again.',
          );
        } finally {
          prompt.deciding = false;
          changed();
        }
        if (!prompts.has(id)) throw gone(id, `${answered.get(id) ?? 'is gone'}; the rule was saved`);
        prompt.sweep();
      }
      const result = allow(prompt, scope, by);
      changed();
      return result;
    },

    onChange: (listener) => void listeners.add(listener),

    invalidate(match, reason) {
      const hit = [...prompts.values()].filter((prompt) => !prompt.deciding && match(prompt.request));
      for (const prompt of hit) withdraw(prompt, reason);
      if (hit.length > 0) changed();
    },

    withdrawAll(reason) {
      grants.clear();
      const all = [...prompts.values()];
      for (const prompt of all) withdraw(prompt, reason);
      if (all.length > 0) changed();
    },
  };
}

const LASTS: Record<ApprovalScope, string> = {
  once: '',
  '15m': ' This exact call needs no question for 15 minutes.',
  session: ' This tool needs no question for this client until Drawbridge quits.',
  always: ' A rule now allows it.',
};

function settled(approvalId: string, outcome: ApprovalOutcome): HeldCall {
  return { approvalId, outcome: Promise.resolve(outcome), withdraw: () => undefined };
}

/** A second click on an answered prompt is a conflict; an id that never was is not found. */
function gone(id: string, why: string | undefined): RpcError {
  return why === undefined
    ? new RpcError('not_found', `No call waits under the id ${id}.`)
    : new RpcError('conflict', `The call ${id} ${why}.`);
}
