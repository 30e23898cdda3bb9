import { shell } from 'electron';

/** Pages that the interface may open in the browser. Everything else stays closed, but for sign-ins that wait. */
const HOSTS = new Set(['github.com', 'modelcontextprotocol.io', 'nodejs.org', 'docs.astral.sh']);

/** Whether a link may leave the app: https, a known host, no credentials and no port of its own. */
export function mayOpen(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return protocol === 'https:' && HOSTS.has(hostname) && port === '' && username === '' && password === '';
}

/**
 * Whether a link has the form of a page to sign in at: https, or http on this machine, no credentials, and nothing that a
 * shell could read as more than text (CVE-2025-6514).
 */
export function maySignIn(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password, href } = new URL(url);
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  const secure = protocol === 'https:' || (protocol === 'http:' && local);
  return secure && username === '' && password === '' && /^[\w\-.~:/?#[\]@&*+,=%]+$/.test(href);
}

let isWaiting: ((url: string) => Promise<boolean>) | undefined;

/** Sets what is asked whether a sign-in waits for exactly this address. Only such addresses lead to unknown hosts. */
export function allowSignIns(waits: (url: string) => Promise<boolean>): void {
  isWaiting = waits;
}

/** The one place that hands an address to the system's browser. Resolves to whether it did. */
export async function openExternal(url: string): Promise<boolean> {
  if (!mayOpen(url) && !(maySignIn(url) && (await isWaiting?.(new URL(url).href)))) return false;
  await shell.openExternal(new URL(url).href);
  return true;
}
