import { aloneBecause, type GrantScope, isGrantScope, savesRule } from '../../../shared/approval-scopes.ts';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { DecisionResult } from '../../../shared/schemas/approval.ts';
import type { RuleField } from '../../../shared/schemas/rule.ts';
import { grantEffect } from '../../../shared/text/approval-scopes.ts';
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

/** A person's answer to one prompt; see {@link Approvals.decide}. */
export async function decide(parts: DecideParts, answer: Answer): Promise<DecisionResult> {
  const prompt = parts.queue.get(answer.id);
  mustBeShown(prompt, answer.argumentsDigest);
  if (answer.decision === 'deny') return deny(parts, prompt, answer);
  if (answer.editedArguments !== undefined) return allowEdited(parts, prompt, answer.editedArguments, answer);
  if (!prompt.scopes.includes(answer.scope))
    throw new RpcError(
      'refused',
      scopeRefusal(prompt.request, prompt.id, answer.scope),
      prompt.scopes.length > 1 ? `Allow it for: ${prompt.scopes.join(', ')}.` : 'Allow it once.',
    );
  if (savesRule(answer.scope)) return allowAlways(parts, prompt, answer);
  return allow(parts, prompt, isGrantScope(answer.scope) ? answer.scope : null, answer.by);
}

function mustBeShown({ id, request }: Prompt, argumentsDigest: string | undefined): void {
  if (argumentsDigest === undefined || argumentsDigest === request.argsDigest) return;
  throw new RpcError(
    'conflict',
    `The arguments on the screen are not those of the call ${id}. Nothing was decided.`,
    'Look at the prompt again.',
  );
}

function deny({ queue, grants, log }: DecideParts, prompt: Prompt, { by, message }: Answer): DecisionResult {
  const { id, request } = prompt;
  const refusal = { approvalId: id, by, message: message ?? null };
  if (prompt.told > 0) grants.addRefusal(request, refusal);
  const told = queue.end(prompt, `was already denied by ${by}`, {
    kind: 'denied',
    by,
    message: refusal.message,
  });
  log.ended(id, { how: 'denied', ms: prompt.age });
  return {
    id,
    outcome: 'denied',
    message: told > 0 ? 'The call was denied.' : 'Denied. The agent hears of it when it calls again.',
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
  const lasts = grant === null ? '' : ` ${grantEffect(grant)}`;
  if (grant !== null) grants.addLasting(request, by, grant);
  const ran = queue.end(prompt, `was already allowed by ${by}`, {
    kind: 'allowed',
    by,
    scope,
    policyVersion,
  });
  log.ended(id, { how: 'allowed', scope, ms: prompt.age });
  if (ran > 0) return { id, outcome: 'ran', message: `${run(ran)}${lasts}` };
  if (grant === null) grants.addTicket(request, by);
  const next =
    grant === null ? 'The next identical call within 5 minutes runs, once.' : 'The next identical call runs.';
  return {
    id,
    outcome: 'ticket',
    message: `Nobody was waiting on the line any more. ${next}${lasts}`,
  };
}

function run(calls: number): string {
  return calls === 1 ? 'The call runs now.' : `${calls} identical calls run now.`;
}

/** Allows the calls on the line with other arguments, when the policy lets those through or asks about them. */
function allowEdited(
  { queue, log }: DecideParts,
  prompt: Prompt,
  argumentsText: string,
  { by, scope }: Answer,
): DecisionResult {
  const { id, request } = prompt;
  if (scope !== 'once')
    throw new RpcError('refused', 'A call with changed arguments is allowed once only.', 'Allow it once.');
  const fault = argumentsFault(argumentsText);
  if (fault !== undefined)
    throw new RpcError(
      'bad_input',
      `The changed arguments cannot be used: ${fault} The call is still waiting.`,
      'Mend them and try again.',
    );
  if (prompt.holding === 0)
    throw new RpcError(
      'refused',
      `Nobody waits on the line for the call ${id} any more, so changed arguments would reach nobody.`,
      'Deny it with a message that says what to change, or allow it as it is.',
    );
  for (const call of prompt.calls) {
    const judged = call.judgeWith(argumentsText);
    if (judged.decision === 'allow' || judged.decision === 'ask') continue;
    throw new RpcError(
      'refused',
      `The call of ${request.tool} with these arguments is not let through: ${judged.why} It is still waiting.`,
      'Change the arguments, allow it as it is, or deny it.',
    );
  }
  const { policyVersion } = request;
  const ran = queue.end(prompt, `was already allowed by ${by}, with changed arguments`, {
    kind: 'allowed',
    by,
    scope: 'once',
    policyVersion,
    argumentsText,
  });
  log.ended(id, { how: 'allowed', scope: 'once', ms: prompt.age });
  return { id, outcome: 'ran', message: `${run(ran)} It has the arguments you gave it; the agent is told.` };
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
    throw new RpcError(
      'refused',
      `The rule for ${request.tool} could not be saved: ${why} The call is still waiting.`,
      'Allow it once, or mend the policy file and try again.',
    );
  } finally {
    prompt.deciding = false;
  }
  if (!queue.has(id)) throw new RuleSaved(sentence, queue.gone(id, '; the rule was saved'));
  prompt.sweep();
  const judged = prompt.calls.map((call) => call.judge());
  const still = judged.find(({ decision }) => decision !== 'allow');
  const { by } = answer;
  // The rule is what allows such calls from here on: nothing but it is remembered.
  const policyVersion = judged[0]?.policyVersion ?? request.policyVersion;
  const ran = queue.end(
    prompt,
    `was already allowed by ${by}`,
    still ? { kind: 'again' } : { kind: 'allowed', by, scope: answer.scope, policyVersion },
  );
  if (still) {
    log.ended(id, { how: 'void' });
    throw new RuleSaved(sentence, {
      code: 'conflict',
      message: `The rule was saved, but the policy does not let this call through: ${still.why}`,
      fix: 'If it asks again, answer that prompt.',
    });
  }
  log.ended(id, { how: 'allowed', scope: answer.scope, ms });
  return {
    id,
    outcome: ran > 0 ? 'ran' : 'ticket',
    message: `${ran > 0 ? run(ran) : 'Nobody was waiting on the line any more. The next such call runs.'} A rule now allows it: ${sentence}`,
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
  if (other)
    throw new RpcError(
      'refused',
      `The calls ${first.id} and ${other.id} are not of one kind, so one answer cannot stand for both. Nothing was decided.`,
      'Answer together only calls of one client, server, tool, definition and risk class.',
    );
  if (first && decision === 'allow' && aloneBecause(first.request.risk) !== null)
    throw new RpcError(
      'refused',
      `Calls that are ${first.request.risk.severity} and ${first.request.risk.category} are allowed one by one. Nothing was decided.`,
      'Answer each on its own, or deny them together.',
    );
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
