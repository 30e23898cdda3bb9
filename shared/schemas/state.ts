import * as z from 'zod';
import { ApprovalView } from './approval.ts';
import { ActivityRow } from './audit.ts';
import { ClientView } from './client.ts';
import { Mode, Problem, Time } from './common.ts';
import { PausedClient } from './health.ts';
import { ServerView } from './server.ts';

export const CoreInfo = z.object({
  version: z.string(),
  dataDir: z.string(),
  pid: z.number(),
  startedAt: Time,
  /** Base address of the gateway, or null when this core does not listen (a command without a running core). */
  gateway: z.string().nullable(),
  /** Where secrets are kept: the OS key store, or a file only this user can read. */
  secretStore: z.enum(['os', 'file']),
  host: z.enum(['electron', 'headless', 'command']),
});
export type CoreInfo = z.infer<typeof CoreInfo>;

/** Everything the tray and the windows need at once. Endless things (activity, tool lists, logs) are paged calls. */
export const State = z.object({
  rev: z.number(),
  core: CoreInfo,
  mode: Mode,
  servers: z.array(ServerView),
  clients: z.array(ClientView),
  approvals: z.array(ApprovalView),
  paused: z.array(PausedClient),
  problems: z.array(Problem),
  /** The last calls, newest first (at most 20), and today's counts. */
  recent: z.array(ActivityRow),
  today: z.object({ calls: z.number(), denied: z.number(), asked: z.number() }),
});
export type State = z.infer<typeof State>;
export type StateSlice = Exclude<keyof State, 'rev'>;

/** First the whole, then one slice at a time with the next `rev`; a gap means: open the topic again. */
export const StateEvent = z.union([
  z.object({ whole: State }),
  z.object({ rev: z.number(), slice: State.omit({ rev: true }).partial() }),
]);
export type StateEvent = z.infer<typeof StateEvent>;
