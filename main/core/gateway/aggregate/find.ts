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

/** The same for tools. A tool whose name is exposed as it is needs no list. */
export async function toolOf(
  member: Member,
  exposed: string,
  catalogue: Pick<ToolCatalogue, 'list'>,
): Promise<string | undefined> {
  const { server } = member;
  const plain = exposed.slice(serverPart(server).length + 2);
  if (exposedName(server, plain) === exposed) return plain;
  const names = (): string[] => (catalogue.list(server) ?? []).map(({ name }) => name);
  const known = ownName(server, exposed, names());
  if (known !== undefined) return known;
  // The client may know the name from an earlier session.
  const session = await member.ready();
  await session.listing.read();
  return ownName(server, exposed, names());
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
