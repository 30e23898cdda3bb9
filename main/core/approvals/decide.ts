import { aloneBecause, type GrantScope, isGrantScope, savesRule } from '../../../shared/approval-scopes.ts';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { DecisionResult } from '../../../shared/schemas/approval.ts';
import type { RuleField } from '../../../shared/schemas/rule.ts';
import { decided, gone, notDecided } from '../../../shared/text/core/approvals.ts';
import { argumentsFault } from '../codec/index.ts';
import type { Grants } from './grants.ts';
import type { Prompt } from './prompt.ts';
import type { PromptLog } from './prompt-log.ts';
import type { PromptQueue } from './queue.ts';
import { RuleSaved } from './rule-saved.ts';
import { scopeRefusal } from './scopes.ts';
import type { Answer, ApprovalRequest, Approvals } from './types.ts';

export interface DecideParts {
  readonly queue: PromptQueue;
  readonly grants: Grants;
  readonly log: PromptLog;
  readonly changed: () => void;
  /** Writes the rule of `always` and gives it in words. When it throws, nothing is decided. */
  readonly onAlways: (request: ApprovalRequest, rule: readonly RuleField[] | undefined) => Promise<string>;
}

function refused(code: RpcError['code'], { message, fix }: { message: string; fix: string }): RpcError {
  return new RpcError(code, message, fix);
}

/** A person's answer to one prompt; see {@link Approvals.decide}. */
export async function decide(parts: DecideParts, answer: Answer): Promise<DecisionResult> {
  const prompt = parts.queue.get(answer.id);
  mustBeShown(prompt, answer.argumentsDigest);
  if (answer.decision === 'deny') return deny(parts, prompt, answer);
  if (answer.editedArguments !== undefined) return allowEdited(parts, prompt, answer.editedArguments, answer);
  if (!prompt.scopes.includes(answer.scope))
    throw refused(
      'refused',
      notDecided.scope(scopeRefusal(prompt.request, prompt.id, answer.scope), prompt.scopes),
    );
  if (savesRule(answer.scope)) return allowAlways(parts, prompt, answer);
  return allow(parts, prompt, isGrantScope(answer.scope) ? answer.scope : null, answer.by);
}

function mustBeShown({ id, request }: Prompt, argumentsDigest: string | undefined): void {
  if (argumentsDigest === undefined || argumentsDigest === request.argsDigest) return;
  throw refused('conflict', notDecided.otherArguments(id));
}

function deny({ queue, grants, log }: DecideParts, prompt: Prompt, { by, message }: Answer): DecisionResult {
  const { id, request } = prompt;
  const refusal = { approvalId: id, by, message: message ?? null };
  if (prompt.told > 0) grants.addRefusal(request, refusal);
  const told = queue.end(prompt, gone.denied(by), {
    kind: 'denied',
    by,
    message: refusal.message,
  });
  log.ended(id, { how: 'denied', ms: prompt.age });
  return {
    id,
    outcome: 'denied',
    message: decided.denied(told),
  };
}

/** @param grant what is allowed beyond this call; null: nothing */
function allow(
  { queue, grants, log }: DecideParts,
  prompt: Prompt,
  grant: GrantScope | null,
  by: string,
): DecisionResult {
  const { request, id } = prompt;
  const { policyVersion } = request;
  const scope = grant ?? 'once';
  if (grant !== null) grants.addLasting(request, by, grant);
  const ran = queue.end(prompt, gone.allowed(by), {
    kind: 'allowed',
    by,
    scope,
    policyVersion,
  });
  log.ended(id, { how: 'allowed', scope, ms: prompt.age });
  if (ran === 0 && grant === null) grants.addTicket(request, by);
  return { id, outcome: ran > 0 ? 'ran' : 'ticket', message: decided.allowed(ran, grant) };
}

/** Allows the calls on the line with other arguments, when the policy lets those through or asks about them. */
function allowEdited(
  { queue, log }: DecideParts,
  prompt: Prompt,
  argumentsText: string,
  { by, scope }: Answer,
): DecisionResult {
  const { id, request } = prompt;
  if (scope !== 'once') throw refused('refused', notDecided.editedOnceOnly);
  const fault = argumentsFault(argumentsText);
  if (fault !== undefined) throw refused('bad_input', notDecided.editedUnusable(fault));
  if (prompt.holding === 0) throw refused('refused', notDecided.editedTooLate(id));
  for (const call of prompt.calls) {
    const judged = call.judgeWith(argumentsText);
    if (judged.decision === 'allow' || judged.decision === 'ask') continue;
    throw refused('refused', notDecided.editedDenied(request.tool, judged.why));
  }
  const { policyVersion } = request;
  const ran = queue.end(prompt, gone.allowedEdited(by), {
    kind: 'allowed',
    by,
    scope: 'once',
    policyVersion,
    argumentsText,
  });
  log.ended(id, { how: 'allowed', scope: 'once', ms: prompt.age });
  return { id, outcome: 'ran', message: decided.edited(ran) };
}

async function allowAlways(parts: DecideParts, prompt: Prompt, answer: Answer): Promise<DecisionResult> {
  const { queue, log, changed } = parts;
  const { id, request } = prompt;
  const ms = prompt.age;
  let sentence: string;
  // While the rule is written, the change of policy it makes must not withdraw the very prompt it comes from.
  prompt.deciding = true;
  changed();
  try {
    sentence = await parts.onAlways(request, answer.rule);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    const why = messageOf(error);
    throw refused('refused', notDecided.ruleNotSaved(request.tool, why));
  } finally {
    prompt.deciding = false;
  }
  if (!queue.has(id)) throw new RuleSaved(sentence, queue.gone(id, gone.ruleSaved));
  prompt.sweep();
  const judged = prompt.calls.map((call) => call.judge());
  const still = judged.find(({ decision }) => decision !== 'allow');
  const { by } = answer;
  // The rule is what allows such calls from here on: nothing but it is remembered.
  const policyVersion = judged[0]?.policyVersion ?? request.policyVersion;
  const ran = queue.end(
    prompt,
    gone.allowed(by),
    still ? { kind: 'again' } : { kind: 'allowed', by, scope: answer.scope, policyVersion },
  );
  if (still) {
    log.ended(id, { how: 'void' });
    throw new RuleSaved(sentence, { code: 'conflict', ...notDecided.ruleDoesNotAllow(still.why) });
  }
  log.ended(id, { how: 'allowed', scope: answer.scope, ms });
  return {
    id,
    outcome: ran > 0 ? 'ran' : 'ticket',
    message: decided.always(ran, sentence),
  };
}

/** Several prompts of one kind at once; see {@link Approvals.decideMany}. */
export function decideMany(
  parts: DecideParts,
  { calls, decision, message, by }: Parameters<Approvals['decideMany']>[0],
): DecisionResult[] {
  const { queue } = parts;
  const standing = new Map(queue.all().map((prompt) => [prompt.id, prompt]));
  const asked = calls.flatMap(({ id }) => standing.get(id) ?? []);
  const [first] = asked;
  const other = first && asked.find((prompt) => kind(prompt) !== kind(first));
  if (other) throw refused('refused', notDecided.notOfOneKind(first.id, other.id));
  if (first && decision === 'allow' && aloneBecause(first.request.risk) !== null)
    throw refused('refused', notDecided.oneByOne(first.request.risk.severity, first.request.risk.category));
  for (const { id, argumentsDigest } of calls) {
    const prompt = standing.get(id);
    if (prompt) mustBeShown(prompt, argumentsDigest);
  }
  return calls.map(({ id }): DecisionResult => {
    try {
      const prompt = queue.get(id);
      return decision === 'deny'
        ? deny(parts, prompt, { id, decision, scope: 'once', message, by })
        : allow(parts, prompt, null, by);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return { id, outcome: 'gone', message: error.message };
    }
  });
}

function kind({ request }: Prompt): string {
  const { clientId, server, tool, definitionHash, risk } = request;
  return JSON.stringify([clientId, server, tool, definitionHash, risk.category, risk.severity]);
}
