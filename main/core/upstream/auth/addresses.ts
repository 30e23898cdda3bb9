import { SignInError } from './types.ts';

/** Names and addresses that never leave this machine (RFC 8252, 7.3; RFC 6761, 6.3). */
export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/**
 * An address that a server or an authorization server named, when it may be used: https; plain http only on this machine,
 * and only when the MCP server is on this machine as well, so that a remote one cannot send us to local services.
 * (MCP 2026-07-28, authorization, communication security.)
 * @param what names it in the error: "authorization endpoint"
 * @throws SignInError
 */
export function checkedAddress(address: string, what: string, server: URL): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const shown = JSON.stringify(address.slice(0, 120));
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new SignInError('refused', `The ${what} ${shown} is not an http or https address. It is not used.`);
  if (url.username !== '' || url.password !== '')
    throw new SignInError('refused', `The ${what} ${shown} holds a user name or password. It is not used.`);
  if (url.protocol === 'http:' && !(isLoopback(url) && isLoopback(server)))
    throw new SignInError(
      'refused',
      `The ${what} ${shown} is not an https address. Signing in over plain http is possible only where server and authorization server are on this machine.`,
    );
  return url;
}

/**
 * The text of an address for a browser: what a shell could read as more than text is percent-encoded, although no shell
 * sees it (CVE-2025-6514).
 */
export function browserAddress(url: URL): string {
  const copy = new URL(url);
  copy.hash = '';
  return copy.href.replace(
    /[$()'`;|<>"\\^{}!*\s]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The canonical address of a server (RFC 8707): without fragment, and without a slash that means nothing. */
export function withoutEmptyPath(url: URL): string {
  return url.pathname === '/' && url.search === '' ? url.origin : url.href;
}
