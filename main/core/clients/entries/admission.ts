import { isObject } from '../../../../shared/base/is-object.ts';
import { admissionText } from '../../../../shared/text/core/client-lists.ts';
import { placesOf } from '../files/client-files.ts';
import { readConfig } from '../files/config-file.ts';
import { jsonc } from '../formats/jsonc.ts';
import { toml } from '../formats/toml.ts';
import type { ClientRow, RuleFile } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';

/** An entry as a client's rules look at it. */
export interface Candidate {
  readonly name: string;
  /** The address it reaches, or the program it starts with its arguments. */
  readonly reach: { readonly url: string } | { readonly command: string; readonly args: readonly string[] };
}

/** Which entries a client would refuse by the rules that are set for it on this machine. */
export interface Admission {
  /** For people: whose rules refuse it; null when it may be reached. */
  refuses(candidate: Candidate): string | null;
  /** Files that could not be read, with the reason: what they say is not known. */
  readonly problems: readonly string[];
}

interface Source {
  readonly of: RuleFile;
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Reads the rules for a client. A file that is not there, or says nothing about servers, refuses none. */
export async function admissionOf(row: ClientRow, { ports }: Pick<ClientDeps, 'ports'>): Promise<Admission> {
  const sources: Source[] = [];
  const problems: string[] = [];
  for (const of of row.rules)
    for (const path of await placesOf(of.places, ports.machine, ports.files)) {
      try {
        const text = (await readConfig(path, ports))?.text;
        if (text === undefined) continue;
        const driver = of.kind === 'requirements' ? toml : jsonc;
        const parsed = driver.parse(text, 'tolerant');
        if (parsed.ok) sources.push({ of, path, value: topOf(parsed.doc) });
        else problems.push(admissionText.unreadable(path, `is not readable, line ${parsed.problem.line}`));
      } catch (error) {
        problems.push(admissionText.unreadable(path, error instanceof Error ? error.message : String(error)));
      }
    }
  const of = (kind: RuleFile['kind']): Source[] => sources.filter((source) => source.of.kind === kind);
  return {
    problems,
    refuses: (candidate) =>
      byLists(of('lists'), candidate) ??
      byRequirements(of('requirements'), candidate) ??
      byPermissions(of('permissions'), candidate) ??
      byAccess(of('access')),
  };
}

function topOf(doc: {
  keys(at: readonly string[]): string[];
  find(at: readonly string[]): { value: unknown } | undefined;
}) {
  return Object.fromEntries(doc.keys([]).map((key) => [key, doc.find([key])?.value]));
}

/** Denied counts before allowed. With a list of addresses an address has to be in it, with one of commands a command. */
function byLists(sources: readonly Source[], { name, reach }: Candidate): string | null {
  const entries = (key: string, from: readonly Source[]): { path: string; rule: Record<string, unknown> }[] =>
    from.flatMap(({ path, value }) => {
      const list = value[key];
      return Array.isArray(list) ? list.filter(isObject).map((rule) => ({ path, rule })) : [];
    });
  const byName = (rule: Record<string, unknown>): boolean => rule.serverName === name;
  const byReach = ({ serverUrl, serverCommand }: Record<string, unknown>): boolean =>
    'url' in reach
      ? typeof serverUrl === 'string' && fits(serverUrl, reach.url)
      : Array.isArray(serverCommand) &&
        JSON.stringify(serverCommand) === JSON.stringify([reach.command, ...reach.args]);
  const denied = entries('deniedMcpServers', sources).find(({ rule }) => byName(rule) || byReach(rule));
  if (denied) return admissionText.denied(denied.path, 'deniedMcpServers');
  const managedOnly = sources.some(
    ({ of, value }) => of.managed && value.allowManagedMcpServersOnly === true,
  );
  const counting = sources.filter(
    ({ of, value }) => Array.isArray(value.allowedMcpServers) && (of.managed || !managedOnly),
  );
  if (counting.length === 0) return null;
  const allowed = entries('allowedMcpServers', counting).map(({ rule }) => rule);
  const strict = allowed.some((rule) => ('url' in reach ? 'serverUrl' : 'serverCommand') in rule);
  if (allowed.some((rule) => byReach(rule) || (!strict && byName(rule)))) return null;
  return admissionText.notAllowed(counting[0]?.path ?? '', 'allowedMcpServers');
}

/** Once the table is there, a server runs when it is in it with the very address or command. */
function byRequirements(sources: readonly Source[], { name, reach }: Candidate): string | null {
  for (const { path, value } of sources) {
    const table = value.mcp_servers;
    if (!isObject(table)) continue;
    const rule = table[name];
    const identity = isObject(rule) && isObject(rule.identity) ? rule.identity : {};
    const same = 'url' in reach ? identity.url === reach.url : identity.command === reach.command;
    if (!same) return admissionText.notAllowed(path, `mcp_servers.${name}.identity`);
  }
  return null;
}

/** The first rule that fits decides; what none speaks of may be reached. */
function byPermissions(sources: readonly Source[], { reach }: Candidate): string | null {
  for (const { path, value } of sources) {
    const list = value['amp.mcpPermissions'];
    if (!Array.isArray(list)) continue;
    const rule = list.filter(isObject).find(({ matches }) => isObject(matches) && matchesAll(matches, reach));
    if (rule?.action === 'reject') return admissionText.denied(path, 'amp.mcpPermissions');
    if (rule) return null;
  }
  return null;
}

function matchesAll(matches: Record<string, unknown>, reach: Candidate['reach']): boolean {
  const said = { ...reach, ...('args' in reach ? { args: reach.args.join(' ') } : {}) } as Record<
    string,
    unknown
  >;
  return Object.entries(matches).every(([key, pattern]) => {
    const text = said[key];
    return typeof pattern === 'string' && typeof text === 'string' && fits(pattern, text);
  });
}

/** A registry knows servers by their own addresses and packages, and ours is none of them. */
function byAccess(sources: readonly Source[]): string | null {
  for (const { path, value } of sources)
    for (const key of ['chat.mcp.access', 'ChatMCP']) {
      const access = value[key];
      if (access === 'none' || access === 'registry') return admissionText.access(path, key, access);
      if (access === 'all') return null;
    }
  return null;
}

/** `*` stands for any characters. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text);
}
