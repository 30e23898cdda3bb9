import type { Contract } from '../../../../shared/contract.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { Handlers } from '../../../../shared/rpc/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreParts } from '../../parts.ts';

type Names = 'audit.page' | 'audit.detail' | 'audit.export' | 'audit.verify';

export function activityHandlers(parts: CoreParts): Pick<Handlers<Contract>, Names> {
  const { audit } = parts;
  return {
    'audit.page': (query) => audit.page(query),
    'audit.detail': ({ seq }) => {
      const detail = audit.detail(seq);
      if (!detail) throw new RpcError('not_found', refusals.noCall(seq));
      return detail;
    },
    'audit.export': ({ format, after }) => audit.exportPage(format, after),
    'audit.verify': () => audit.verify(),
  };
}
