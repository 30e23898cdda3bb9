import * as z from 'zod';
import { ClientPlan, ClientResult } from '../schemas/client.ts';
import { manager } from './roles.ts';

const Port = z.number().int().min(1).max(65_535);

/** Calls about the port that clients reach Drawbridge at. */
export const gatewayCalls = {
  /** What moving would change in clients' files. `null` finds a free port and names it. */
  'gateway.planMove': {
    input: z.strictObject({ port: Port.nullable() }),
    output: z.object({ from: z.number().nullable(), to: z.number(), plans: z.array(ClientPlan) }),
    roles: manager,
  },
  /**
   * Listens on that port from now on, gives clients that call an address new tokens, and rewrites their entries. Refused
   * where the port is taken. `byHand`: names of clients that a person has to set up again.
   */
  'gateway.move': {
    input: z.strictObject({ port: Port }),
    output: z.object({
      from: z.number().nullable(),
      to: z.number(),
      results: z.array(ClientResult),
      byHand: z.array(z.string()),
    }),
    roles: manager,
  },
};
