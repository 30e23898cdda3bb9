import * as z from 'zod';
import { Time } from './common.ts';

export const ClientEntry = z.object({
  file: z.string(),
  name: z.string(),
  /** The registered server that a routed entry reaches (its name may differ from the entry's); null when direct. */
  server: z.string().nullable(),
  /** Project folder for entries that only apply there; null for the user's own. */
  project: z.string().nullable(),
  target: z.string(),
  state: z.enum(['direct', 'routed', 'edited', 'skipped']),
  /** Why an entry is left as it is. */
  reason: z.string().nullable(),
  /** `extension`: a package the client starts past its file. `project`: in a file shared through git. Neither is routed. */
  kind: z.enum(['entry', 'extension', 'project']),
  /** Names of other installed clients that read the same file, and get what is done to this entry. */
  sharedWith: z.array(z.string()),
  /** True for an entry that a person decided to leave unrouted: routing it is not offered by itself any more. */
  leftAlone: z.boolean().optional(),
});
export type ClientEntry = z.infer<typeof ClientEntry>;

/** Which entry of which client was left alone. The target is in it: another server under the same name is another one. */
export const LeftAlone = z.object({
  client: z.string(),
  file: z.string(),
  project: z.string().nullable(),
  name: z.string(),
  target: z.string(),
});
export type LeftAlone = z.infer<typeof LeftAlone>;

export const ClientView = z.object({
  id: z.string(),
  name: z.string(),
  installed: z.boolean(),
  files: z.array(z.object({ path: z.string(), exists: z.boolean(), problem: z.string().nullable() })),
  entries: z.array(ClientEntry),
  state: z.enum(['not-installed', 'no-servers', 'direct', 'partly', 'routed', 'problem']),
  /** How this client is made to read its file again. */
  restart: z.string(),
  lastHandshake: z.object({ at: Time, software: z.string() }).nullable(),
  /** For a client without a file that could be written: what a person does in it, step by step. */
  byHand: z.object({ steps: z.array(z.string()), note: z.string().nullable() }).nullable(),
  /** Whether a process of the client runs now; null where that cannot be known. */
  running: z.boolean().nullable(),
  /** What it connected with last is older than what stands in its file now, and it does not notice by itself. */
  restartNeeded: z.boolean(),
  /** Entries of it are routed by what is remembered, also while its file is empty or away. Left out when there are none. */
  remembered: z.boolean().optional(),
  /** Servers of project files can be copied to a place of the person's own, and routed there. Left out where they cannot. */
  copiesProjectFiles: z.boolean().optional(),
});
export type ClientView = z.infer<typeof ClientView>;

export const PlannedEntry = z.object({
  name: z.string(),
  project: z.string().nullable(),
  action: z.enum(['route', 'restore', 'skip']),
  reason: z.string().nullable(),
  /** A registered server that is the same as this one under another name: with `merge` both use it. */
  sameAs: z.string().nullable(),
  /** Names (never values) of what moves into the key store: `env API_KEY`, `header Authorization`. */
  secrets: z.array(z.string()),
});
export const PlannedFile = z.object({
  path: z.string(),
  /** Unified diff, secrets shown as bullets. Empty when nothing changes. */
  diff: z.string(),
  entries: z.array(PlannedEntry),
  problem: z.string().nullable(),
});
/** What connecting or disconnecting a client would change. Pure: nothing was written. */
export const ClientPlan = z.object({
  client: z.string(),
  name: z.string(),
  direction: z.enum(['connect', 'disconnect']),
  files: z.array(PlannedFile),
  warnings: z.array(z.string()),
  /** Binds an apply to what was shown: a changed file or key makes apply refuse with `conflict`. */
  digest: z.string(),
});
export type PlannedEntry = z.infer<typeof PlannedEntry>;
export type PlannedFile = z.infer<typeof PlannedFile>;
export type ClientPlan = z.infer<typeof ClientPlan>;

export const ClientResult = z.object({
  client: z.string(),
  name: z.string(),
  ok: z.boolean(),
  message: z.string(),
  routed: z.array(z.string()),
  restored: z.array(z.string()),
  /** Entries that were registered under a number, because their own name is another server: its policy can be copied. */
  numbered: z.array(z.object({ name: z.string(), server: z.string(), besides: z.string() })).optional(),
  restart: z.string().nullable(),
});
export type ClientResult = z.infer<typeof ClientResult>;
