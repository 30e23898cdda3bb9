/** The interface's own origin: files from the app, served by protocol.ts. */
export const SCHEME = 'drawbridge';
export const ORIGIN = `${SCHEME}://app`;

/** True for pages of the interface. Other schemes have the origin "null", so the parts are compared. */
export function isOwnUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${SCHEME}:` && host === 'app' && username === '' && password === '';
}
