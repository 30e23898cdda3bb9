import type { ToolCatalogue } from '../../tools/types.ts';
import type { Member } from './member.ts';
import { exposedName, serverPart, serverPartOf } from './names.ts';

/** The server whose part an exposed name begins with. */
export function memberOf(exposed: string, members: Iterable<Member>): Member | undefined {
  const part = serverPartOf(exposed);
  if (part === undefined) return undefined;
  for (const member of members) if (serverPart(member.server) === part) return member;
  return undefined;
}

/** The server's own name for an exposed one, among the names it is known to have; undefined when none or several fit. */
export function ownName(server: string, exposed: string, known: Iterable<string>): string | undefined {
  let found: string | undefined;
  for (const name of known) {
    if (exposedName(server, name) !== exposed) continue;
    if (found !== undefined) return undefined;
    found = name;
  }
  return found;
}

/**
 * The same for tools, where the client may know the name from an earlier session: then the server is asked for its list.
 * A name that fits no tool is passed on as it is; its call is refused like that of any tool that is not listed.
 */
export async function toolOf(
  member: Member,
  exposed: string,
  catalogue: Pick<ToolCatalogue, 'list'>,
): Promise<string | undefined> {
  const { server } = member;
  // A name that is listed twice is one.
  const fitting = (): string[] => {
    const names = new Set((catalogue.list(server) ?? []).map(({ name }) => name));
    return [...names].filter((name) => exposedName(server, name) === exposed);
  };
  if (fitting().length === 0) await (await member.ready()).listing.read();
  const [found, another] = fitting();
  return another === undefined ? (found ?? plainName(server, exposed)) : undefined;
}

function plainName(server: string, exposed: string): string | undefined {
  const plain = exposed.slice(serverPart(server).length + 2);
  return exposedName(server, plain) === exposed ? plain : undefined;
}

/** The server that listed a resource, or whose template fits it best. */
export function resourceOwner(uri: string, members: Iterable<Member>): Member | undefined {
  let best: Member | undefined;
  let length = 0;
  for (const member of members) {
    if (member.uris.has(uri)) return member;
    for (const start of member.templates) {
      if (start.length <= length || !uri.startsWith(start)) continue;
      best = member;
      length = start.length;
    }
  }
  return best;
}
