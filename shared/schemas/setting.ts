import * as z from 'zod';

/** One setting, as lists, forms and the generated page show it. Values are texts: what `drawbridge settings set` takes. */
export const SettingView = z.object({
  key: z.string(),
  label: z.string(),
  about: z.string(),
  kind: z.enum(['number', 'list', 'file', 'other']),
  /** `days`, `bytes`, …; null where there is none. */
  unit: z.string().nullable(),
  value: z.string(),
  default: z.string(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** The word that stands for no value; null where there is always one. */
  none: z.string().nullable(),
  when: z.enum(['at-once', 'next-start']),
  /** The command that changes it, where `settings set` does not. */
  elsewhere: z.string().nullable(),
});
export type SettingView = z.infer<typeof SettingView>;
