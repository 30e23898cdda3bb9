import { createHash } from 'node:crypto';
import { MAX_PAGES } from '../../upstream/cursor-walk.ts';

/** Where the list of one server goes on. */
export interface Place {
  /** The server's own cursor. */
  readonly cursor: string;
  /** The cursors before it, each by a digest: one that comes again leads in a circle. */
  readonly before: readonly string[];
}

/** Where each server's list goes on, by server. Servers that are not in it are at their end. */
export type Cursors = ReadonlyMap<string, Place>;

/**
 * The place after a page, by the rules of every walk over pages (upstream/cursor-walk.ts): a cursor that is empty or no text
 * names no page, and one that was there before ends the list, as does a page too many.
 * @param at where the page was; undefined for the first one
 */
export function placeAfter(at: Place | undefined, nextCursor: unknown): Place | undefined {
  if (typeof nextCursor !== 'string' || nextCursor === '') return undefined;
  const before = at ? [...at.before, digest(at.cursor)] : [];
  const known = before.includes(digest(nextCursor));
  return known || before.length >= MAX_PAGES - 1 ? undefined : { cursor: nextCursor, before };
}

function digest(cursor: string): string {
  return createHash('sha256').update(cursor).digest('base64url').slice(0, 8);
}

/** One cursor for several lists, opaque to the client. Undefined when every list is at its end. */
export function joinCursors(cursors: Cursors): string | undefined {
  if (cursors.size === 0) return undefined;
  const triples = [...cursors].map(([server, { cursor, before }]) => [server, cursor, before.join('')]);
  return Buffer.from(JSON.stringify(triples)).toString('base64url');
}

/** @returns undefined when this is no cursor of ours */
export function splitCursor(cursor: string): Cursors | undefined {
  try {
    const triples: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(triples) || triples.length === 0) return undefined;
    const cursors = new Map<string, Place>();
    for (const triple of triples) {
      if (!Array.isArray(triple) || triple.length !== 3) return undefined;
      const [server, own, before] = triple as unknown[];
      if (typeof server !== 'string' || typeof own !== 'string' || typeof before !== 'string')
        return undefined;
      cursors.set(server, { cursor: own, before: before.match(/.{8}/g) ?? [] });
    }
    return cursors;
  } catch {
    return undefined;
  }
}
