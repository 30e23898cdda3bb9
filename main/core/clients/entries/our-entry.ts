import { isObject } from '../../../../shared/base/is-object.ts';
import type { Identities } from '../../settings/types.ts';
import type { Doc, Field, Located } from '../formats/types.ts';
import type { Dialect } from '../table/index.ts';
import { reachingFields, urlFields, usualFormOrWritten } from './shapes.ts';

const TOKEN_VARIABLE = 'DRAWBRIDGE_TOKEN';
const DATA_VARIABLE = 'DRAWBRIDGE_DATA';
const LOOPBACK =
  /^(?:127(?:\.\d+){3}|(?:.+\.)?localhost\.?|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/i;

/** Where our entries point. */
export interface Reach {
  gatewayUrl(): string;
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  readonly dataDir: string;
}

/** What of an entry says how to reach `server` through Drawbridge, in the place of `before`. */
export function ourFields(
  dialect: Dialect,
  server: string,
  token: string,
  reach: Reach,
  before: unknown,
): Field[] {
  if (dialect.ours === 'bridge' && dialect.splitsArguments) {
    return [
      { key: 'command', value: reach.bridge.command },
      { key: 'args', value: [...reach.bridge.args, server] },
      { key: 'env', value: { [TOKEN_VARIABLE]: token, [DATA_VARIABLE]: reach.dataDir } },
    ];
  }
  if (dialect.ours === 'bridge') {
    return [
      { key: 'command', value: reach.bridge.command },
      { key: 'args', value: [...reach.bridge.args, server, '--data', reach.dataDir] },
      { key: 'env', value: { [TOKEN_VARIABLE]: token } },
    ];
  }
  return [
    ...Object.entries(dialect.mark ?? {}).map(([key, value]) => ({ key, value })),
    ...urlFields(
      dialect.shape,
      `${reach.gatewayUrl()}/s/${segmentOf(server)}/mcp`,
      { Authorization: `Bearer ${token}` },
      before,
    ),
  ];
}

/** Why no entry of ours could work in this client, for people; null when one can. */
export function whyNotOurs(dialect: Dialect, server: string, reach: Reach): string | null {
  if (dialect.ours !== 'bridge' || !dialect.splitsArguments) return null;
  const blank = [...reach.bridge.args, server].find((arg) => /\s/.test(arg));
  if (blank === undefined) return null;
  return `This client takes arguments apart at blanks, and ${JSON.stringify(blank)} holds one.`;
}

/** A server's name in an address: also safe inside quotes of a shell, where `encodeURIComponent` leaves the apostrophe. */
function segmentOf(server: string): string {
  return encodeURIComponent(server).replaceAll("'", '%27');
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
  const added = Object.entries(dialect.extra ?? {})
    .filter(([key]) => !kept.some((member) => member.key === key))
    .map(([key, value]) => ({ key, value }));
  const first = kept.filter(({ key }) => dialect.first?.includes(key));
  const others = kept.filter((member) => !first.includes(member));
  return doc.render(entry, [
    ...first,
    ...ourFields(dialect, server, token, reach, entry.value),
    ...others,
    ...added,
  ]);
}

function lastOfEach<T extends { readonly key: string }>(members: readonly T[]): T[] {
  return [...new Map(members.map((member) => [member.key, member])).values()];
}

/**
 * The server that an entry reaches through a Drawbridge gateway, ours or another; undefined when it goes elsewhere. Empty
 * for the address that joins all servers. Also found inside the arguments of a wrapper such as mcp-remote, a shell or
 * `cmd /c`: importing that would make a loop.
 * @param gatewayUrl our own address: with its port, any host that may be an alias of this machine counts
 */
export function routedTo(
  written: unknown,
  { shape }: Pick<Dialect, 'shape'>,
  gatewayUrl?: string,
): string | undefined {
  const entry = usualFormOrWritten(written, shape);
  if (!isObject(entry)) return undefined;
  const args = Array.isArray(entry.args) ? entry.args.filter((arg) => typeof arg === 'string') : [];
  for (const text of [entry.url, ...args]) {
    if (typeof text !== 'string') continue;
    for (const address of [text, ...(text.match(/https?:\/\/[^\s"'<>|\\]+/gi) ?? [])]) {
      const server = serverOfUrl(address, gatewayUrl);
      if (server !== undefined) return server;
    }
  }
  if (isObject(entry.env) && typeof entry.env[TOKEN_VARIABLE] === 'string') {
    const data = args.indexOf('--data');
    return (data > 0 ? args[data - 1] : args.at(-1)) ?? '';
  }
  return undefined;
}

function serverOfUrl(address: string, gatewayUrl: string | undefined): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname, port } = new URL(address);
  const ownPort = gatewayUrl !== undefined && new URL(gatewayUrl).port === port;
  const local = LOOPBACK.test(hostname);
  if (/^\/+mcp\/*$/.test(pathname)) return local && ownPort ? '' : undefined;
  const name = /^\/+s\/([^/]+)\/mcp\/*$/.exec(pathname)?.[1];
  if (name === undefined || !(local || ownPort)) return undefined;
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
  if (!isObject(entry)) return false;
  const token = tokenOf(usualFormOrWritten(entry, dialect.shape) as Record<string, unknown>);
  if (token === undefined || identities.byToken(token)?.id !== client) return false;
  const wanted = ourFields(dialect, server, token, reach, entry);
  return wanted.every(
    (field) => 'value' in field && JSON.stringify(entry[field.key]) === JSON.stringify(field.value),
  );
}

function tokenOf(entry: Record<string, unknown>): string | undefined {
  const { env, headers } = entry;
  if (isObject(env) && typeof env[TOKEN_VARIABLE] === 'string') return env[TOKEN_VARIABLE];
  const header = isObject(headers) ? headers.Authorization : undefined;
  return typeof header === 'string' ? /^Bearer (.+)$/.exec(header)?.[1] : undefined;
}
