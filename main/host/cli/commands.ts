import type { Command } from './command.ts';
import { approvalCommands } from './commands/approvals.ts';
import { auditCommands } from './commands/audit.ts';
import { autostartCommands } from './commands/autostart.ts';
import { clientCommands } from './commands/clients.ts';
import { coreCommands } from './commands/core.ts';
import { policyCommands } from './commands/policy.ts';
import { serverLifeCommands } from './commands/server-life.ts';
import { serverCommands } from './commands/servers.ts';
import { settingsCommands } from './commands/settings.ts';
import { signInCommands } from './commands/sign-in.ts';

/** Every command by its name, in the order the help shows them. */
export const commands: Record<string, Command> = {
  ...coreCommands,
  ...autostartCommands,
  ...clientCommands,
  ...serverCommands,
  ...serverLifeCommands,
  ...signInCommands,
  ...policyCommands,
  ...approvalCommands,
  ...auditCommands,
  ...settingsCommands,
};
