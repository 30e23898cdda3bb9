import { looksSecret } from './credentials.ts';

/** Whether an address holds a credential: a user or password, a query that carries a key, a part nobody would type. */
export function holdsCredential(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username !== '' || password !== '' || looksSecret(address);
}

/** Shorter ones are common words, which must not be blotted out of everything. */
const SHORTEST = 8;

/** What of such an address must not stand in a log or an error text: the whole, and the parts that can appear alone. */
export function secretParts(address: string): string[] {
  if (!URL.canParse(address)) return [address];
  const { username, password, pathname, search, searchParams, href } = new URL(address);
  const decoded = [username, password].map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  const parts = [
    address,
    href,
    pathname + search,
    search.slice(1),
    username,
    password,
    ...decoded,
    ...searchParams.values(),
    ...pathname.split('/').filter(looksSecret),
  ];
  return [...new Set(parts)].filter((part) => part.length >= SHORTEST);
}
