import * as z from 'zod';
import { approvalCalls } from './contract/approvals.ts';
import { auditCalls } from './contract/audit.ts';
import { clientCalls } from './contract/clients.ts';
import { coreCalls } from './contract/core.ts';
import { gatewayCalls } from './contract/gateway.ts';
import { pinCalls } from './contract/pins.ts';
import { policyCalls } from './contract/policy.ts';
import { both, manager } from './contract/roles.ts';
import { serverCalls } from './contract/servers.ts';
import { settingsCalls } from './contract/settings.ts';
import { startAtLoginCalls } from './contract/start-at-login.ts';
import { StateEvent } from './schemas/state.ts';

/**
 * The only list of what a user interface, the command line or the shell say to the core. A call stands in the file of its
 * subject: `servers.add` in `contract/servers.ts`.
 * Roles: `manager` (the main window, the command line, the tray) and `approver` (the prompt window).
 */
export const contract = {
  calls: {
    ...coreCalls,
    ...serverCalls,
    ...clientCalls,
    ...policyCalls,
    ...pinCalls,
    ...approvalCalls,
    ...auditCalls,
    ...startAtLoginCalls,
    ...gatewayCalls,
    ...settingsCalls,
  },
  topics: {
    state: { event: StateEvent, roles: both },
    /** A tick with the newest sequence number; read the rows with `audit.page`. */
    activity: { event: z.object({ seq: z.number() }), roles: manager },
  },
};
export type Contract = typeof contract;
export type CallName = keyof Contract['calls'];
