import type { gatewayCalls } from '../../../../shared/contract/gateway.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { gatewayPort as t } from '../../../../shared/text/core/gateway-port.ts';
import type { CoreParts } from '../../parts.ts';
import { freePort } from '../../settings/gateway-port.ts';
import { currentPort, moveGateway } from '../gateway-port.ts';

/** Answers the calls about the gateway's port. */
export function gatewayHandlers(parts: CoreParts): HandlersOf<typeof gatewayCalls> {
  return {
    'gateway.planMove': async ({ port }) => {
      const from = currentPort(parts);
      const to = port === from ? port : await freePort(port ?? 0);
      if (to === undefined || to === null) throw new RpcError('refused', t.taken(port ?? 0), t.takenFix);
      return { from, to, plans: await parts.clients.planFollow(`http://127.0.0.1:${to}`) };
    },
    'gateway.move': ({ port }) => moveGateway(parts, port),
  };
}
