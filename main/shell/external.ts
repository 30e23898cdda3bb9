import { shell } from 'electron';

/** Pages that the interface may open in the browser. Everything else stays closed. */
const HOSTS = new Set(['github.com', 'modelcontextprotocol.io', 'nodejs.org', 'docs.astral.sh']);

/** Whether a link may leave the app: https, a known host, no credentials and no port of its own. */
export function mayOpen(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return protocol === 'https:' && HOSTS.has(hostname) && port === '' && username === '' && password === '';
}

/** The one place that hands an address to the system's browser. Resolves to whether it did. */
export async function openExternal(url: string): Promise<boolean> {
  if (!mayOpen(url)) return false;
  await shell.openExternal(new URL(url).href);
  return true;
}
