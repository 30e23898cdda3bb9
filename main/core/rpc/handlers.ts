import type { Contract } from '../../../shared/contract.ts';
import type { Handlers } from '../../../shared/rpc/server.ts';
import type { CoreParts } from '../assemble.ts';
import type { CoreOptions } from '../create-core.ts';
import { activityHandlers } from './handlers/activity.ts';
import { clientHandlers } from './handlers/clients.ts';
import { coreHandlers } from './handlers/core.ts';
import { policyHandlers } from './handlers/policies.ts';
import { serverHandlers } from './handlers/servers.ts';

/** What answers each call of the contract. */
export function handlers(parts: CoreParts, options: CoreOptions): Handlers<Contract> {
  return {
    ...coreHandlers(parts, options),
    ...serverHandlers(parts),
    ...clientHandlers(parts),
    ...policyHandlers(parts),
    ...activityHandlers(parts),
  };
}
