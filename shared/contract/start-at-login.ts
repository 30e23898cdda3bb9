import * as z from 'zod';
import { StartAtLogin } from '../schemas/start-at-login.ts';
import { Empty, manager } from './roles.ts';

/** Calls about starting with the computer. Refused where this core cannot know (no host that does it). */
export const startAtLoginCalls = {
  'startAtLogin.get': { input: Empty, output: StartAtLogin, roles: manager },
  /** Puts it on or off; doing so twice changes nothing. A file of somebody else's under the same name is never replaced. */
  'startAtLogin.set': { input: z.strictObject({ on: z.boolean() }), output: StartAtLogin, roles: manager },
};
