import * as z from 'zod';
import { LONGEST_PAUSE_MINUTES } from '../limits.ts';
import { ClientPlan, ClientResult, LeftAlone } from '../schemas/client.ts';
import { both, Done, Empty, manager } from './roles.ts';

/** Calls about the AI clients: their files, their tokens, pauses. */
export const clientCalls = {
  /** Looks at the disk again; the `clients` slice follows. */
  'clients.scan': { input: Empty, output: Done, roles: manager },
  'clients.plan': {
    input: z.strictObject({
      clients: z.array(z.string()),
      direction: z.enum(['connect', 'disconnect']),
      /** A server that is registered already under another name is used, not registered again. */
      merge: z.boolean().optional(),
    }),
    output: z.array(ClientPlan),
    roles: manager,
  },
  /** Applies plans. With `digests` (by client) a plan that would differ from the shown one is refused. */
  'clients.apply': {
    input: z.strictObject({
      clients: z.array(z.string()),
      direction: z.enum(['connect', 'disconnect']),
      digests: z.record(z.string(), z.string()).optional(),
      merge: z.boolean().optional(),
    }),
    output: z.array(ClientResult),
    roles: manager,
  },
  /**
   * About an entry of ours that was changed by hand: `mine` keeps it and counts it as routed, `ours` puts back what
   * Drawbridge wrote. Undo stays possible. Refused with `conflict` when it is no such entry any more.
   */
  'clients.settleHandEdit': {
    input: z.strictObject({
      client: z.string(),
      file: z.string(),
      name: z.string(),
      project: z.string().nullable(),
      keep: z.enum(['mine', 'ours']),
    }),
    output: ClientResult,
    roles: manager,
  },
  /**
   * A person decided that these entries stay unrouted: they are told as `leftAlone` and not offered any more. With
   * `leave: false` they are offered again. The newest 2000 decisions are kept.
   */
  'clients.leaveAlone': {
    input: z.strictObject({
      entries: z.array(LeftAlone).min(1).max(2000),
      leave: z.boolean().default(true),
    }),
    output: Done,
    roles: manager,
  },
  /**
   * Copies servers of project files, those that the person approved in the client, into the client's own settings for that
   * project, where they can be routed. With `dryRun` it says which, and writes nothing. Refused for clients without such
   * settings.
   */
  'clients.copyToLocalScope': {
    input: z.strictObject({ client: z.string(), dryRun: z.boolean().default(false) }),
    output: ClientResult,
    roles: manager,
  },
  'clients.restoreAll': { input: Empty, output: z.array(ClientResult), roles: manager },
  'clients.token': {
    input: z.strictObject({ client: z.string() }),
    output: z.object({ token: z.string() }),
    roles: manager,
  },
  /** Denies every call of a client until it is resumed, or for some minutes. Its waiting calls are answered at once. */
  'clients.pause': {
    input: z.strictObject({
      client: z.string(),
      minutes: z.number().min(1).max(LONGEST_PAUSE_MINUTES).optional(),
    }),
    output: Done,
    roles: both,
  },
  'clients.resume': { input: z.strictObject({ client: z.string() }), output: Done, roles: both },
};
