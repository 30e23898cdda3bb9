import { activity } from './en/activity.ts';
import { app } from './en/app.ts';
import { approvals } from './en/approvals.ts';
import { clients } from './en/clients.ts';
import { missed } from './en/missed.ts';
import { overview } from './en/overview.ts';
import { policies } from './en/policies.ts';
import { rules } from './en/rules.ts';
import { servers } from './en/servers.ts';
import { settings } from './en/settings.ts';
import { tools } from './en/tools.ts';

/** Every sentence of the interface. Plain sentences: what happened, why, what to do. */
export const en = {
  app,
  overview,
  servers,
  tools,
  clients,
  activity,
  approvals,
  missed,
  policies,
  rules,
  settings,
};
export type Texts = typeof en;
