import * as z from 'zod';
import { LONGEST_BYPASS_MINUTES } from '../limits.ts';
import { Mode, ModeName, ServerName } from '../schemas/common.ts';
import { State } from '../schemas/state.ts';
import { both, Done, Empty, manager } from './roles.ts';

/** Calls about the core itself: its state, its end, the mode, a check of everything. */
export const coreCalls = {
  'core.state': { input: Empty, output: State, roles: both },
  /** Stops the core in order: prompts withdrawn, children ended, files closed. */
  'core.stop': { input: Empty, output: Done, roles: manager },
  /** `minutes` only with bypass (default 15). With `server`, for that server alone; `mode: null` lets it inherit again. */
  'mode.set': {
    input: z.strictObject({
      mode: ModeName.nullable(),
      server: ServerName.optional(),
      minutes: z.number().min(1).max(LONGEST_BYPASS_MINUTES).optional(),
    }),
    output: Mode,
    roles: manager,
  },
  doctor: {
    input: Empty,
    output: z.array(
      z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().nullable() }),
    ),
    roles: manager,
  },
};
