import * as z from 'zod';

/** Whether Drawbridge starts when the person signs in to the computer, and how. */
export const StartAtLogin = z.object({
  on: z.boolean(),
  /** `app`: the desktop app, in the tray. `headless`: the gateway without windows. What is on, or would be put on. */
  kind: z.enum(['app', 'headless']),
  /** The file, scheduled task or login item that does it. */
  place: z.string(),
  /** What a person should know of it: it names an old place, somebody else's file is in the way, … */
  notes: z.array(z.string()),
});
export type StartAtLogin = z.infer<typeof StartAtLogin>;
