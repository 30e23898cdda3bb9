import type { Contract } from '../../../shared/contract.ts';
import type { Handlers } from '../../../shared/rpc/server.ts';
import type { CoreOptions, CoreParts } from '../parts.ts';
import { activityHandlers } from './handlers/activity.ts';
import { approvalHandlers } from './handlers/approvals.ts';
import { clientHandlers } from './handlers/clients.ts';
import { coreHandlers } from './handlers/core.ts';
import { gatewayHandlers } from './handlers/gateway.ts';
import { pauseHandlers } from './handlers/paused.ts';
import { pinHandlers } from './handlers/pins.ts';
import { policyHandlers } from './handlers/policies.ts';
import { policyTrialHandlers } from './handlers/policy-trials.ts';
import { serverLifeHandlers } from './handlers/server-life.ts';
import { serverHandlers } from './handlers/servers.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { startAtLoginHandlers } from './handlers/start-at-login.ts';

/** What answers each call of the contract. */
export function handlers(parts: CoreParts, options: CoreOptions): Handlers<Contract> {
  return {
    ...coreHandlers(parts, options),
    ...serverHandlers(parts),
    ...serverLifeHandlers(parts, options),
    ...clientHandlers(parts, options),
    ...policyHandlers(parts),
    ...policyTrialHandlers(parts, options),
    ...pinHandlers(parts),
    ...approvalHandlers(parts),
    ...pauseHandlers(parts, options),
    ...activityHandlers(parts),
    ...startAtLoginHandlers(parts, options),
    ...gatewayHandlers(parts),
    ...settingsHandlers(parts, options),
  };
}
