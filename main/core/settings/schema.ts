import * as z from 'zod';
import { LeftAlone } from '../../../shared/schemas/client.ts';
import { Mode, ModeName, ServerName } from '../../../shared/schemas/common.ts';
import { ServerConfig } from '../../../shared/schemas/server.ts';
import type { SettingsDoc } from './types.ts';

/** The version of settings.json that this program writes. */
export const SETTINGS_VERSION = 1;

/** Least and most of every setting that is a number. */
export const BOUNDS = {
  gatewayPort: { min: 1, max: 65_535 },
  uiPort: { min: 1, max: 65_535 },
  maxMessageBytes: { min: 1024, max: 1024 * 1024 * 1024 },
  loopGuard: { min: 1, max: 1_000_000 },
  'retention.days': { min: 1, max: 3660 },
  'retention.megabytes': { min: 1, max: 100_000 },
} as const;

const Port = z.number().int().min(BOUNDS.gatewayPort.min).max(BOUNDS.gatewayPort.max).nullable();

const members = {
  version: z.literal(SETTINGS_VERSION),
  gatewayPort: Port.default(null),
  uiPort: Port.default(null),
  mode: Mode.extend({ before: ModeName.exclude(['bypass']).optional() }).default({
    mode: 'enforce',
    until: null,
  }),
  servers: z
    .record(
      ServerName,
      z.object({
        config: ServerConfig,
        mode: ModeName.nullable().default(null),
        disabled: z.literal(true).optional(),
        start: z.literal('used').optional(),
      }),
    )
    .default({}),
  maxMessageBytes: z
    .number()
    .int()
    .min(BOUNDS.maxMessageBytes.min)
    .max(BOUNDS.maxMessageBytes.max)
    .default(64 * 1024 * 1024),
  allowedOrigins: z.array(z.string()).default([]),
  extraCaFile: z.string().min(1).optional(),
  loopGuard: z
    .object({ max: z.number().int().min(BOUNDS.loopGuard.min).max(BOUNDS.loopGuard.max) })
    .nullable()
    .default({ max: 30 }),
  pausedClients: z
    .record(z.string(), z.object({ since: z.number(), until: z.number().nullable() }))
    .default({}),
  leftAlone: z.array(LeftAlone).default([]),
  renaming: z.object({ from: ServerName, to: ServerName, disabled: z.boolean() }).optional(),
  retention: z
    .object({
      days: z.number().min(BOUNDS['retention.days'].min).max(BOUNDS['retention.days'].max),
      megabytes: z.number().min(BOUNDS['retention.megabytes'].min).max(BOUNDS['retention.megabytes'].max),
    })
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
