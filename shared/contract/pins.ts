import * as z from 'zod';
import { ServerName } from '../schemas/common.ts';
import { PinHistory } from '../schemas/pin.ts';
import { Done, manager } from './roles.ts';

/** Calls about the definitions of tools that a person reviews. */
export const pinCalls = {
  /** What is known of a tool's definition over time. */
  'pins.history': {
    input: z.strictObject({ server: ServerName, tool: z.string() }),
    output: PinHistory,
    roles: manager,
  },
  /** A person looked at the definition with this hash and accepts it; refused with `conflict` when it is another by now. */
  'pins.accept': {
    input: z.strictObject({ server: ServerName, tool: z.string(), hash: z.string() }),
    output: Done,
    roles: manager,
  },
  /** Ends the quarantine of a server whose definitions flip back and forth; each blocked tool still waits for its review. */
  'pins.release': { input: z.strictObject({ server: ServerName }), output: Done, roles: manager },
};
