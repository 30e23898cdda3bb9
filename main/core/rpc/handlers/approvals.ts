import { savesRule } from '../../../../shared/approval-scopes.ts';
import type { approvalCalls } from '../../../../shared/contract/approvals.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { RuleSaved } from '../../approvals/index.ts';
import type { ApprovalRequest } from '../../approvals/types.ts';
import { argumentsFault, canonicalDigest, parseJson } from '../../codec/index.ts';
import type { CoreParts } from '../../parts.ts';
import { draftAlways } from '../../policy/documents/always.ts';

/** Who decides: the person at this machine. */
const BY = 'person';

/** Answers the calls about prompts. */
export function approvalHandlers(parts: CoreParts): HandlersOf<typeof approvalCalls> {
  const { approvals, approvalHistory, audit, hub } = parts;

  const note = (
    approval: string,
    request: ApprovalRequest | undefined,
    detail: Record<string, unknown>,
  ): void => {
    audit.note('approval', {
      approval,
      ...detail,
      client: request?.clientId ?? null,
      server: request?.server ?? null,
      tool: request?.tool ?? null,
    });
  };

  return {
    'approvals.decide': async (input) => {
      const request = approvals.request(input.id);
      const result = await approvals.decide({ ...input, by: BY }).catch((error: unknown) => {
        // The policy has changed by now, even if the call was not run.
        if (error instanceof RuleSaved)
          note(input.id, request, {
            decision: input.decision,
            scope: input.scope,
            outcome: 'not-run',
            rule: `${error.rule} ${error.message}`,
          });
        throw error;
      });
      const allowed = input.decision === 'allow';
      const edited = allowed ? input.editedArguments : undefined;
      note(input.id, request, {
        decision: input.decision,
        scope: allowed ? input.scope : null,
        outcome: result.outcome,
        ...(allowed && savesRule(input.scope) ? { rule: result.message } : {}),
        // The record of the call has the arguments it ran with; what the agent wanted is only here.
        ...(edited !== undefined && argumentsFault(edited) === undefined
          ? {
              sentArguments: readable(request.argumentsText),
              sentDigest: request.argsDigest,
              ranDigest: canonicalDigest(edited),
            }
          : {}),
      });
      return result;
    },
    'approvals.decideMany': ({ calls, decision, message }) => {
      const requests = new Map(
        calls.flatMap(({ id }) => {
          const request = approvals.standing(id);
          return request ? [[id, request] as const] : [];
        }),
      );
      const results = approvals.decideMany({ calls, decision, message, by: BY });
      for (const { id, outcome } of results) {
        if (outcome === 'gone') continue;
        const scope = decision === 'allow' ? 'once' : null;
        note(id, requests.get(id), { decision, scope, outcome, together: calls.length });
      }
      return results;
    },
    'approvals.attend': ({ id }) => {
      approvals.attend(id);
      return null;
    },
    'approvals.draftRule': ({ id, fields }) => draftAlways(parts, approvals.request(id), fields),
    'approvals.missed': ({ limit }) => approvalHistory.missed(limit),
    'approvals.dismiss': ({ id }) => {
      approvalHistory.dismiss(id);
      hub.touch('approvals');
      return null;
    },
    'approvals.health': ({ days }) => approvalHistory.health(days),
  };
}

/** As a value, so that the audit can look into it for secrets; numbers beyond a double lose digits here. */
function readable(argumentsText: string): unknown {
  return parseJson(argumentsText);
}
