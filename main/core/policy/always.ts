import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ApprovalRequest } from '../approvals/types.ts';
import { allowForClient } from './edit.ts';
import type { PolicyStore } from './types.ts';

/** Rules that ask whatever a tool's own entry says. */
const NOT_OF_THE_ENTRY = /^guard:|\/all_tools\//;

/**
 * "Always allow" from a prompt: writes an entry for this client and tool into the policy in force, without its questions;
 * what denies or limits stays. Throws RpcError `refused` where such an entry would not end the asking.
 */
export async function allowAlways(
  policies: PolicyStore,
  { rule, clientId, server, tool }: Pick<ApprovalRequest, 'rule' | 'clientId' | 'server' | 'tool'>,
): Promise<void> {
  if (NOT_OF_THE_ENTRY.test(rule))
    throw new RpcError(
      'refused',
      `The rule ${rule} asks about every tool, so no rule for ${tool} alone can end it.`,
      'Allow it once or for this session, or change that rule.',
    );
  await policies.set(server, allowForClient(policies.text(server), clientId, tool));
}
