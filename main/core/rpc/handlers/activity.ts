import type { Contract } from '../../../../shared/contract.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { Handlers } from '../../../../shared/rpc/server.ts';
import type { CoreParts } from '../../assemble.ts';

type Names = 'approvals.decide' | 'audit.page' | 'audit.detail' | 'audit.export' | 'audit.verify';

export function activityHandlers(parts: CoreParts): Pick<Handlers<Contract>, Names> {
  const { approvals, audit } = parts;
  return {
    'approvals.decide': async (input) => {
      const request = approvals.list().find((approval) => approval.id === input.id);
      const result = await approvals.decide({ ...input, by: 'person' });
      audit.note('approval', {
        approval: input.id,
        decision: input.decision,
        scope: input.decision === 'allow' ? input.scope : null,
        client: request?.clientId ?? null,
        server: request?.server ?? null,
        tool: request?.tool ?? null,
        outcome: result.outcome,
      });
      return result;
    },
    'audit.page': (query) => audit.page(query),
    'audit.detail': ({ seq }) => {
      const detail = audit.detail(seq);
      if (!detail) throw new RpcError('not_found', `There is no call with number ${seq}.`);
      return detail;
    },
    'audit.export': ({ format, after }) => audit.exportPage(format, after),
    'audit.verify': () => audit.verify(),
  };
}
