import { isAbsolute } from 'node:path';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { SettingView } from '../../../shared/schemas/setting.ts';
import { settingFaults as faults, type SettingKey, settingKeys } from '../../../shared/text/setting-keys.ts';
import { BOUNDS, defaultSettings } from './schema.ts';
import type { SettingsDoc } from './types.ts';

type Value = number | string | readonly string[] | null;
interface Row {
  readonly kind: SettingView['kind'];
  /** The word for null. */
  readonly none?: string;
  readonly when?: SettingView['when'];
  read(doc: SettingsDoc): unknown;
  /** Absent where another command sets it. */
  write?(doc: SettingsDoc, value: Value): SettingsDoc;
}

/** Every member of settings.json that is for people, in the order in which it is shown. */
const ROWS: Record<SettingKey, Row> = {
  gatewayPort: {
    kind: 'number',
    read: (doc) => doc.gatewayPort,
    write: (doc, value) => ({ ...doc, gatewayPort: value as number | null }),
  },
  uiPort: {
    kind: 'number',
    none: 'any',
    read: (doc) => doc.uiPort,
    write: (doc, value) => ({ ...doc, uiPort: value as number | null }),
  },
  maxMessageBytes: {
    kind: 'number',
    read: (doc) => doc.maxMessageBytes,
    write: (doc, value) => ({ ...doc, maxMessageBytes: value as number }),
  },
  allowedOrigins: {
    kind: 'list',
    read: (doc) => doc.allowedOrigins,
    write: (doc, value) => ({ ...doc, allowedOrigins: value as readonly string[] }),
  },
  extraCaFile: {
    kind: 'file',
    none: 'none',
    when: 'next-start',
    read: (doc) => doc.extraCaFile ?? null,
    write: ({ extraCaFile: _, ...doc }, value) =>
      value === null ? doc : { ...doc, extraCaFile: value as string },
  },
  loopGuard: {
    kind: 'number',
    none: 'off',
    read: (doc) => doc.loopGuard?.max ?? null,
    write: (doc, value) => ({ ...doc, loopGuard: value === null ? null : { max: value as number } }),
  },
  'retention.days': {
    kind: 'number',
    read: (doc) => doc.retention.days,
    write: (doc, value) => ({ ...doc, retention: { ...doc.retention, days: value as number } }),
  },
  'retention.megabytes': {
    kind: 'number',
    read: (doc) => doc.retention.megabytes,
    write: (doc, value) => ({ ...doc, retention: { ...doc.retention, megabytes: value as number } }),
  },
  mode: { kind: 'other', read: (doc) => doc.mode.mode },
  servers: { kind: 'other', read: (doc) => Object.keys(doc.servers) },
  pausedClients: { kind: 'other', read: (doc) => Object.keys(doc.pausedClients) },
  leftAlone: { kind: 'other', read: (doc) => doc.leftAlone.map(({ client, name }) => `${client}/${name}`) },
};
const KEYS = Object.keys(ROWS) as SettingKey[];

export function settingViews(doc: SettingsDoc): SettingView[] {
  return KEYS.map((key) => settingView(key, doc));
}

export function settingView(key: SettingKey, doc: SettingsDoc): SettingView {
  const row = ROWS[key];
  const bounds = key in BOUNDS ? BOUNDS[key as keyof typeof BOUNDS] : undefined;
  const { label, about, unit, elsewhere } = settingKeys[key];
  return {
    key,
    label,
    about,
    unit,
    elsewhere,
    kind: row.kind,
    value: textOf(row.read(doc), row),
    default: textOf(row.read(defaultSettings), row),
    min: bounds?.min ?? null,
    max: bounds?.max ?? null,
    none: row.none ?? null,
    when: row.when ?? 'at-once',
  };
}

/**
 * The change that a person's text asks for.
 * @throws RpcError `not_found` for a key that is not there, `bad_input` for a text that does not fit, `refused` where another
 * command sets it
 */
export function settingChange(key: string, text: string): (doc: SettingsDoc) => SettingsDoc {
  const row = ROWS[mustBeKey(key)];
  const { write } = row;
  const { elsewhere } = settingKeys[key as SettingKey];
  if (!write) throw new RpcError('refused', faults.elsewhere(key), faults.use(elsewhere ?? ''));
  const value = asked(key as SettingKey, text, row);
  return (doc) => write(doc, value);
}

function asked(key: SettingKey, text: string, { kind, none }: Row): Value {
  if (kind === 'list') return originsOf(text);
  if (kind === 'file') return fileOf(key, text, none);
  return numberOf(key as keyof typeof BOUNDS, text, none);
}

/** @throws RpcError `not_found`, with the keys there are */
export function mustBeKey(key: string): SettingKey {
  if (!Object.hasOwn(ROWS, key)) throw new RpcError('not_found', faults.unknown(key), faults.known(KEYS));
  return key as SettingKey;
}

function numberOf(key: keyof typeof BOUNDS, text: string, none: string | undefined): number | null {
  const word = text.trim();
  if (none !== undefined && word === none) return null;
  const { min, max } = BOUNDS[key];
  const value = Number(word);
  if (!/^\d+$/.test(word) || value < min || value > max)
    throw new RpcError('bad_input', faults.number(key, min, max, none ?? null));
  return value;
}

/** A path that means the same wherever Drawbridge is started. */
function fileOf(key: string, text: string, none = ''): string | null {
  const path = text.trim();
  if (path === none) return null;
  if (!isAbsolute(path)) throw new RpcError('bad_input', faults.file(key, none));
  return path;
}

/** `https://a.example, http://localhost:3000`; empty for none. */
function originsOf(text: string): string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  const given = [...new Set(origins.filter((origin) => origin !== ''))];
  for (const origin of given)
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s,?#]+$/i.test(origin))
      throw new RpcError('bad_input', faults.origin(origin));
  return given;
}

function textOf(value: unknown, { none }: Row): string {
  if (value === null || value === undefined) return none ?? '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
