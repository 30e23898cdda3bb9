import { approvals } from './command-line/approvals.ts';
import { audit } from './command-line/audit.ts';
import { autostart } from './command-line/autostart.ts';
import { clients } from './command-line/clients.ts';
import { common } from './command-line/common.ts';
import { core } from './command-line/core.ts';
import { policy } from './command-line/policy.ts';
import { servers } from './command-line/servers.ts';
import { settings } from './command-line/settings.ts';
import { tools } from './command-line/tools.ts';

/** Every sentence of the command line, by the file of its commands in `main/host/cli/commands`. */
export const commandLine = {
  common,
  core,
  clients,
  servers,
  tools,
  policy,
  approvals,
  audit,
  autostart,
  settings,
};
