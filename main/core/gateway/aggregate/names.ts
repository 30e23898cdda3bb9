import { createHash } from 'node:crypto';

/** Between server and name. A server's part never holds it, so the first one in a name always ends that part. */
const BORDER = '__';
/** Clients put a prefix of their own before names, and cut or refuse what is longer than 64 characters with it. */
const MAX_NAME = 60;
const MAX_SERVER = 20;
const TAIL = 6;

/**
 * The short name of a server at the aggregated endpoint. It depends on the server's own name only, so that it stays the
 * same whatever other servers come and go. A name that had to be changed or cut gets a tail of its hash.
 */
export function serverPart(server: string): string {
  const plain = server
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .replace(/_{2,}/g, '_')
    .replace(/^_+|_+$/g, '');
  if (plain === server && plain.length <= MAX_SERVER) return plain;
  return `${plain.slice(0, MAX_SERVER - TAIL - 1).replace(/_+$/, '')}-${hash(server)}`;
}

/** The name of a server's tool or prompt at the aggregated endpoint: at most 60 characters that every client takes. */
export function exposedName(server: string, name: string): string {
  const before = `${serverPart(server)}${BORDER}`;
  const room = MAX_NAME - before.length;
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_');
  if (plain === name && name.length <= room && !name.startsWith('_')) return before + name;
  return `${before}${plain.replace(/^_+/, '').slice(0, room - TAIL - 1)}-${hash(name)}`;
}

/** The server's part of an exposed name; undefined when it has none. */
export function serverPartOf(exposed: string): string | undefined {
  const at = exposed.indexOf(BORDER);
  return at > 0 ? exposed.slice(0, at) : undefined;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, TAIL);
}
