import type { auditCalls } from '../../../../shared/contract/audit.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreParts } from '../../parts.ts';

/** Answers the calls about the record of calls. */
export function activityHandlers(parts: CoreParts): HandlersOf<typeof auditCalls> {
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
