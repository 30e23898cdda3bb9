import type { Identities } from '../settings/types.ts';
import { isRecord } from './draft.ts';
import type { Doc, Field, Located } from './formats/types.ts';
import { reachingFields, urlFields, usualForm } from './shapes.ts';
import type { Dialect } from './table/index.ts';

const TOKEN_VARIABLE = 'DRAWBRIDGE_TOKEN';
const LOOPBACK = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/i;

/** Where our entries point. */
export interface Reach {
  gatewayUrl(): string;
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  readonly dataDir: string;
}

/** What of an entry says how to reach `server` through Drawbridge. */
export function ourFields(dialect: Dialect, server: string, token: string, reach: Reach): Field[] {
  if (dialect.ours === 'bridge') {
    return [
      { key: 'command', value: reach.bridge.command },
      { key: 'args', value: [...reach.bridge.args, server, '--data', reach.dataDir] },
      { key: 'env', value: { [TOKEN_VARIABLE]: token } },
    ];
  }
  return [
    ...(dialect.type === undefined ? [] : [{ key: 'type', value: dialect.type }]),
    ...urlFields(dialect.shape, `${reach.gatewayUrl()}/s/${encodeURIComponent(server)}/mcp`, {
      Authorization: `Bearer ${token}`,
    }),
  ];
}

/** The text of our entry in the place of another; fields that do not say how to reach it stay as they are written. */
export function ourText(
  doc: Doc,
  entry: Located,
  dialect: Dialect,
  server: string,
  token: string,
  reach: Reach,
): string {
  const kept = lastOfEach(entry.members ?? []).filter(
    ({ key }) => !reachingFields(dialect.shape).includes(key),
  );
  return doc.render(entry, [...ourFields(dialect, server, token, reach), ...kept]);
}

function lastOfEach<T extends { readonly key: string }>(members: readonly T[]): T[] {
  return [...new Map(members.map((member) => [member.key, member])).values()];
}

/**
 * The server that an entry reaches through a Drawbridge gateway, ours or another; undefined when it goes elsewhere.
 * Also found inside the arguments of a wrapper such as mcp-remote: importing that would make a loop.
 */
export function routedTo(written: unknown, { shape }: Pick<Dialect, 'shape'>): string | undefined {
  const entry = usualForm(written, shape);
  if (!isRecord(entry)) return undefined;
  const args = Array.isArray(entry.args) ? entry.args.filter((arg) => typeof arg === 'string') : [];
  for (const address of [entry.url, ...args]) {
    const server = typeof address === 'string' ? serverOfUrl(address) : undefined;
    if (server !== undefined) return server;
  }
  if (isRecord(entry.env) && typeof entry.env[TOKEN_VARIABLE] === 'string') {
    const data = args.indexOf('--data');
    return (data > 0 ? args[data - 1] : args.at(-1)) ?? '';
  }
  return undefined;
}

function serverOfUrl(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  const name = /^\/+s\/([^/]+)\/mcp\/*$/.exec(pathname)?.[1];
  if (name === undefined || !LOOPBACK.test(hostname)) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken percent escape: still the shape of our address, so still not to be imported.
    return name;
  }
}

/** Whether an entry is what routing would write today: address, bridge and token are all in force. */
export function isCurrent(
  entry: unknown,
  dialect: Dialect,
  server: string,
  client: string,
  reach: Reach,
  identities: Identities,
): boolean {
  if (!isRecord(entry)) return false;
  const token = tokenOf(usualForm(entry, dialect.shape) as Record<string, unknown>);
  if (token === undefined || identities.byToken(token)?.id !== client) return false;
  const wanted = ourFields(dialect, server, token, reach);
  return wanted.every(
    (field) => 'value' in field && JSON.stringify(entry[field.key]) === JSON.stringify(field.value),
  );
}

function tokenOf(entry: Record<string, unknown>): string | undefined {
  const { env, headers } = entry;
  if (isRecord(env) && typeof env[TOKEN_VARIABLE] === 'string') return env[TOKEN_VARIABLE];
  const header = isRecord(headers) ? headers.Authorization : undefined;
  return typeof header === 'string' ? /^Bearer (.+)$/.exec(header)?.[1] : undefined;
}
