import * as z from 'zod';
import { LeftAlone } from '../../../shared/schemas/client.ts';
import { Mode, ModeName, ServerName } from '../../../shared/schemas/common.ts';
import { ServerConfig } from '../../../shared/schemas/server.ts';
import type { SettingsDoc } from './types.ts';

/** The version of settings.json that this program writes. */
export const SETTINGS_VERSION = 1;

const Port = z.number().int().min(1).max(65535).nullable();

const members = {
  version: z.literal(SETTINGS_VERSION),
  gatewayPort: Port.default(null),
  uiPort: Port.default(null),
  mode: Mode.extend({ before: ModeName.exclude(['bypass']).optional() }).default({
    mode: 'enforce',
    until: null,
  }),
  servers: z
    .record(ServerName, z.object({ config: ServerConfig, mode: ModeName.nullable().default(null) }))
    .default({}),
  maxMessageBytes: z
    .number()
    .int()
    .min(1024)
    .max(1024 * 1024 * 1024)
    .default(64 * 1024 * 1024),
  allowedOrigins: z.array(z.string()).default([]),
  extraCaFile: z.string().min(1).optional(),
  loopGuard: z
    .object({ max: z.number().int().min(1) })
    .nullable()
    .default({ max: 30 }),
  pausedClients: z
    .record(z.string(), z.object({ since: z.number(), until: z.number().nullable() }))
    .default({}),
  leftAlone: z.array(LeftAlone).default([]),
  retention: z
    .object({ days: z.number().min(1).max(3660), megabytes: z.number().min(1).max(100_000) })
    .default({ days: 30, megabytes: 200 }),
};

/** Missing members take their defaults; members we do not know are kept, so that saving loses nothing. */
export const SettingsSchema = z.looseObject(members);

/** What a person with no settings file has. */
export const defaultSettings: SettingsDoc = SettingsSchema.parse({ version: SETTINGS_VERSION });

/**
 * Reads what it can of a document that a newer program wrote: each member that still fits is taken, every other one
 * keeps its default. For showing only; such a document is never written.
 */
export function readNewer(value: Record<string, unknown>): SettingsDoc {
  const known: Record<string, unknown> = { version: SETTINGS_VERSION };
  for (const [name, schema] of Object.entries(members)) {
    if (name !== 'version' && Object.hasOwn(value, name) && schema.safeParse(value[name]).success)
      known[name] = value[name];
  }
  return SettingsSchema.parse(known);
}
