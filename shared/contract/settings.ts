import * as z from 'zod';
import { SettingView } from '../schemas/setting.ts';
import { Empty, manager } from './roles.ts';

/** Calls about settings.json. */
export const settingsCalls = {
  'settings.list': { input: Empty, output: z.array(SettingView), roles: manager },
  /** `value` as a person writes it: a number, a list with commas, or the word for none. Refused with the key and its bounds. */
  'settings.set': {
    input: z.strictObject({ key: z.string(), value: z.string() }),
    output: SettingView,
    roles: manager,
  },
};
