/** Where each server's list goes on: its own cursor, by server. Servers that are not in it are at their end. */
export type Cursors = ReadonlyMap<string, string>;

/** One cursor for several lists, opaque to the client. Undefined when every list is at its end. */
export function joinCursors(cursors: Cursors): string | undefined {
  if (cursors.size === 0) return undefined;
  return Buffer.from(JSON.stringify([...cursors])).toString('base64url');
}

/** @returns undefined when this is no cursor of ours */
export function splitCursor(cursor: string): Cursors | undefined {
  try {
    const pairs: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(pairs) || pairs.length === 0) return undefined;
    const cursors = new Map<string, string>();
    for (const pair of pairs) {
      if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string')
        return undefined;
      cursors.set(pair[0], pair[1]);
    }
    return cursors;
  } catch {
    return undefined;
  }
}
