import { createListeners } from '../../../shared/base/listeners.ts';
import type { RuleField } from '../../../shared/schemas/rule.ts';
import { gone } from '../../../shared/text/core/approvals.ts';
import type { Clock } from '../ports.ts';
import { type DecideParts, decide, decideMany } from './decide.ts';
import { createGrants } from './grants.ts';
import type { Prompt } from './prompt.ts';
import type { PromptLog } from './prompt-log.ts';
import { PromptQueue } from './queue.ts';
import { createPromptRate } from './rate.ts';
import type { ApprovalOutcome, ApprovalRequest, Approvals, HeldCall } from './types.ts';

/**
 * The queue of calls that wait for a person. What decides is in memory: when the
 * core ends, prompts, tickets and grants are gone and every call asks again. `log` keeps what was asked and how it ended.
 * `onAlways` writes the policy rule of the scope `always` and gives it in words; when it throws, nothing is decided.
 */
export function createApprovals(deps: {
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: PromptLog;
  readonly onAlways: (request: ApprovalRequest, rule: readonly RuleField[] | undefined) => Promise<string>;
}): Approvals {
  const { clock, randomBytes, log, onAlways } = deps;
  const listeners = createListeners();
  const changed = (): void => {
    listeners.tell();
  };
  const queue = new PromptQueue({ clock, randomBytes, log, changed });
  const grants = createGrants(clock);
  const rate = createPromptRate(clock);
  const parts: DecideParts = { queue, grants, log, onAlways, changed };

  /** Whether its question still stands, and under which policy; else its callers are judged from the beginning. */
  const recheck = (prompt: Prompt, reason: string): void => {
    const { request } = prompt;
    const judged = prompt.calls.map((call) => call.judge());
    const same = judged.every(
      ({ decision, rule, why, definitionHash, reviewed, policyVersion }) =>
        decision === 'ask' &&
        rule === request.rule &&
        why === request.why &&
        definitionHash === request.definitionHash &&
        reviewed === request.reviewed &&
        policyVersion === judged[0]?.policyVersion,
    );
    const version = judged[0]?.policyVersion;
    if (same && version !== undefined && queue.rebind(prompt, version)) return;
    queue.end(prompt, gone.withdrawn(reason), { kind: 'again' });
    log.ended(prompt.id, { how: 'void' });
  };

  return {
    spend: (key) => grants.spend(key),

    ask(request, call) {
      queue.sweep();
      const refusal = grants.takeRefusal(request);
      if (refusal)
        return settled(refusal.approvalId, { kind: 'denied', by: refusal.by, message: refusal.message });
      const standing = queue.find(request);
      if (!standing && queue.full(request)) return settled(queue.newId(), { kind: 'overflow' });
      const prompt = standing ?? queue.add(request, call);
      if (!standing) rate.note(request.clientId);
      const { outcome, leave, tell } = prompt.join(call, request.holdMs, changed);
      if (standing) log.joined(prompt);
      else log.opened(prompt);
      changed();
      return {
        approvalId: prompt.id,
        outcome,
        recorded: (seq) => log.recorded(prompt.id, seq),
        ranOut() {
          if (tell()) changed();
        },
        withdraw(reason) {
          if (!leave(reason)) return;
          if (prompt.holding === 0 && prompt.told === 0 && queue.has(prompt.id)) {
            queue.remove(prompt, gone.withdrawn(reason));
            log.ended(prompt.id, { how: 'gave-up' });
          }
          changed();
        },
      };
    },

    list() {
      queue.sweep();
      return queue
        .all()
        .filter((prompt) => !prompt.deciding)
        .map((prompt) => prompt.view(Math.max(1, rate.perMinute(prompt.request.clientId))));
    },

    request(id) {
      queue.sweep();
      return queue.get(id).request;
    },

    standing: (id) => queue.all().find((prompt) => prompt.id === id)?.request,

    attend(id) {
      queue.sweep();
      queue.get(id).attend();
      changed();
    },

    async decide(answer) {
      queue.sweep();
      try {
        return await decide(parts, answer);
      } finally {
        changed();
      }
    },

    decideMany(answers) {
      queue.sweep();
      try {
        return decideMany(parts, answers);
      } finally {
        changed();
      }
    },

    onChange: (listener) => void listeners.add(listener),

    recheck(match, reason) {
      const hit = queue.all().filter((prompt) => !prompt.deciding && match(prompt.request));
      for (const prompt of hit) recheck(prompt, reason);
      if (hit.length > 0) changed();
    },

    forgetClient: (clientId) => grants.clear(clientId),

    withdrawAll(reason, how) {
      grants.clear();
      const all = queue.all();
      for (const prompt of all) {
        queue.end(prompt, gone.withdrawn(reason), { kind: 'withdrawn', reason });
        log.ended(prompt.id, { how: how ?? 'void' });
      }
      if (all.length > 0) changed();
    },
  };
}

function settled(approvalId: string, outcome: ApprovalOutcome): HeldCall {
  return {
    approvalId,
    outcome: Promise.resolve(outcome),
    withdraw: () => undefined,
    ranOut: () => undefined,
    recorded: () => undefined,
  };
}
