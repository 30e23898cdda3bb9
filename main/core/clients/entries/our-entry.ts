import { isObject } from '../../../../shared/base/is-object.ts';
import { CLIENT_VARIABLE } from '../../../../shared/base/token-place.ts';
import { entryText } from '../../../../shared/text/core/clients.ts';
import type { Identities } from '../../settings/types.ts';
import type { Doc, Field, Located } from '../formats/types.ts';
import type { Dialect } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import type { Candidate } from './admission.ts';
import { TOKEN_VARIABLE } from './routed-to.ts';
import { programFields, reachingFields, urlFields, usualFormOrWritten } from './shapes.ts';

const DATA_VARIABLE = 'DRAWBRIDGE_DATA';

/** Where our entries point. */
export interface Reach {
  gatewayUrl(): string;
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  readonly dataDir: string;
}

/** How the entries of this core are reached. */
export function reachOf(deps: ClientDeps): Reach {
  return {
    gatewayUrl: () => deps.gatewayUrl(),
    bridge: deps.ports.machine.bridge,
    dataDir: deps.namedDataDir ?? deps.dataDir,
  };
}

/** Which server an entry of ours leads to, and how, in a client's own way of writing. */
export interface Ours {
  readonly dialect: Dialect;
  readonly server: string;
  readonly reach: Reach;
  /** The client's id, where its file must hold no token: the entry starts the bridge, which has it from the data folder. */
  readonly withoutToken?: string | undefined;
}

/** Why no entry of ours could work in this client, for people; null when one can. */
export function whyNotOurs({ dialect, server, reach, withoutToken }: Ours): string | null {
  if ((dialect.ours !== 'bridge' && withoutToken === undefined) || !dialect.splitsArguments) return null;
  const blank = [...reach.bridge.args, server].find((arg) => /\s/.test(arg));
  return blank === undefined ? null : entryText.splitsArguments(blank);
}

/**
 * The text of our entry in the place of another, once the client's token is known; fields that do not say how to reach the
 * server stay as they are written.
 */
export function ourText(doc: Doc, entry: Located, ours: Ours): (token: string) => string {
  return (token) => {
    const { dialect } = ours;
    const reaching = reachingFields(dialect.shape);
    const own = lastOfEach(entry.members ?? []).filter(({ key }) => !reaching.includes(key));
    const added = Object.entries(dialect.extra ?? {})
      .filter(([key]) => !own.some((member) => member.key === key))
      .map(([key, value]) => ({ key, value }));
    const first = own.filter(({ key }) => dialect.first?.includes(key));
    const others = own.filter((member) => !first.includes(member));
    return doc.render(entry, [...first, ...ourFields(ours, token, entry.value), ...others, ...added]);
  };
}

/** What our entry reaches or starts, for the rules of its client. */
export function ourReach(ours: Ours): Candidate['reach'] {
  const fields = Object.fromEntries(
    ourFields({ ...ours, dialect: { ...ours.dialect, shape: 'usual' } }, '', undefined).map((field) => [
      field.key,
      'value' in field ? field.value : undefined,
    ]),
  );
  if (typeof fields.url === 'string') return { url: fields.url };
  return { command: String(fields.command), args: fields.args as string[] };
}

/** What of an entry says how to reach the server through Drawbridge, in the place of `before`. */
function ourFields({ dialect, server, reach, withoutToken }: Ours, token: string, before: unknown): Field[] {
  const { command, args } = reach.bridge;
  const identity: Record<string, string> =
    withoutToken === undefined ? { [TOKEN_VARIABLE]: token } : { [CLIENT_VARIABLE]: withoutToken };
  if (dialect.ours === 'bridge' && dialect.splitsArguments) {
    return [
      { key: 'command', value: command },
      { key: 'args', value: [...args, server] },
      { key: 'env', value: { ...identity, [DATA_VARIABLE]: reach.dataDir } },
    ];
  }
  if (dialect.ours === 'bridge' || withoutToken !== undefined) {
    const kind = Object.keys(dialect.mark ?? {}).map((key) => ({ key, value: 'stdio' }));
    return programFields(
      dialect.shape,
      { command, args: [...args, server, '--data', reach.dataDir], env: identity },
      kind,
    );
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

/** A server's name in an address: also safe inside quotes of a shell, where `encodeURIComponent` leaves the apostrophe. */
function segmentOf(server: string): string {
  return encodeURIComponent(server).replaceAll("'", '%27');
}

function lastOfEach<T extends { readonly key: string }>(members: readonly T[]): T[] {
  return [...new Map(members.map((member) => [member.key, member])).values()];
}

/** Whether an entry is what routing `client` would write today: address, bridge and token are all in force. */
export function isCurrent(entry: unknown, ours: Ours, client: string, identities: Identities): boolean {
  if (!isObject(entry)) return false;
  const usual = usualFormOrWritten(entry, ours.dialect.shape) as Record<string, unknown>;
  // One without a token does wherever it stands; one with a token only where that goes nowhere else.
  if (isObject(usual.env) && usual.env[CLIENT_VARIABLE] === client)
    return isWritten(entry, { ...ours, withoutToken: client }, '');
  const token = tokenOf(usual);
  if (token === undefined || identities.byToken(token)?.id !== client) return false;
  return isWritten(entry, ours, token);
}

function isWritten(entry: Record<string, unknown>, ours: Ours, token: string): boolean {
  return ourFields(ours, token, entry).every(
    (field) => 'value' in field && JSON.stringify(entry[field.key]) === JSON.stringify(field.value),
  );
}

/** Whether an entry in its usual form carries a token that this Drawbridge gave out. */
export function holdsOurToken(usual: unknown, identities: Pick<Identities, 'byToken' | 'knows'>): boolean {
  if (!isObject(usual)) return false;
  const client = isObject(usual.env) ? usual.env[CLIENT_VARIABLE] : undefined;
  if (typeof client === 'string') return identities.knows(client);
  const token = tokenOf(usual);
  return token !== undefined && identities.byToken(token) !== undefined;
}

/** Whether an entry of ours in its usual form has a token in the open. */
export function holdsToken(usual: Record<string, unknown>): boolean {
  return tokenOf(usual) !== undefined;
}

function tokenOf({ env, headers }: Record<string, unknown>): string | undefined {
  if (isObject(env) && typeof env[TOKEN_VARIABLE] === 'string') return env[TOKEN_VARIABLE];
  if (!isObject(headers)) return undefined;
  const name = Object.keys(headers).find((each) => each.toLowerCase() === 'authorization');
  const header = name === undefined ? undefined : headers[name];
  return typeof header === 'string' ? /^Bearer\s+(.+)$/i.exec(header)?.[1] : undefined;
}
