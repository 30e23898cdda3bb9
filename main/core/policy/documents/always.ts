import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { RuleDraft, RuleField } from '../../../../shared/schemas/rule.ts';
import type { ApprovalRequest } from '../../approvals/types.ts';
import type { AuditLog, PastCall } from '../../audit/types.ts';
import type { ToolCatalogue } from '../../tools/types.ts';
import { draftRule } from '../draft/draft-rule.ts';
import type { PolicyStore } from '../types.ts';

/** Recorded calls of the server that a rule is tried on, so that a person sees what it would have matched. */
const TRIED_ON = 500;

export interface AlwaysParts {
  readonly policies: Pick<PolicyStore, 'text' | 'set'>;
  readonly catalogue: Pick<ToolCatalogue, 'find'>;
  readonly audit: Pick<AuditLog, 'history'>;
}

/** The rule that "always" would write for a waiting call, with what it would have matched. Changes nothing. */
export function draftAlways(
  parts: AlwaysParts,
  request: ApprovalRequest,
  fields: readonly RuleField[] | undefined,
): RuleDraft {
  const history = parts.audit.history({ server: request.server, limit: TRIED_ON });
  return draftOf(parts, request, fields, history);
}

/**
 * "Always allow" from a prompt: saves the rule in the policy in force, and gives it in words. Throws RpcError `refused` where
 * such a rule would not end the asking; nothing is saved then.
 */
export async function allowAlways(
  parts: AlwaysParts,
  request: ApprovalRequest,
  fields: readonly RuleField[] | undefined,
): Promise<string> {
  const draft = draftOf(parts, request, fields, []);
  if (draft.refused !== null)
    throw new RpcError(
      'refused',
      `No such rule was saved: ${draft.refused} The call is still waiting.`,
      'Allow it once, or change the rule.',
    );
  await parts.policies.set(request.server, draft.text);
  return draft.sentence;
}

function draftOf(
  { policies, catalogue }: AlwaysParts,
  { server, tool, clientId, clientName, argumentsText, rule }: ApprovalRequest,
  fields: readonly RuleField[] | undefined,
  history: readonly PastCall[],
): RuleDraft {
  return draftRule({
    server,
    tool,
    caller: { id: clientId, name: clientName },
    everyClient: false,
    argumentsText,
    effect: 'allow',
    fields,
    text: policies.text(server),
    rule,
    inputSchema: catalogue.find(server, tool)?.definition.inputSchema,
    history,
  });
}
