import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { contentSecurityPolicy, contentType } from '../../host/transports/ui-files.ts';
import { isOwnUrl, SCHEME } from './origin.ts';

/** Nothing but our own files: no inline script or style, no other origin, no frame around us. */
export const CSP = contentSecurityPolicy("'self'");

/** Makes `drawbridge://app/` an origin of its own, like https. Before the app is ready, or it has no effect. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built interface in `root` to the windows of a session. */
export function serveInterface(session: Session, root: string): void {
  session.protocol.handle(SCHEME, (request) => answer(root, request));
}

/** One file of the interface, or a refusal. Only GET and HEAD, only below `root`, only known kinds of files. */
export async function answer(root: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  if (!isOwnUrl(request.url)) return refusal(404, 'There is no such host.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'Only GET.');
  let path: string;
  try {
    path = decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return refusal(400, 'The path is not valid.');
  }
  const file = normalize(join(root, path === '/' ? 'index.html' : path));
  const type = contentType(file);
  if (path.includes('\0') || !file.startsWith(root + sep) || !type)
    return refusal(404, 'There is no such file.');
  try {
    const body = await readFile(file);
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers: headers(type) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR')
      return refusal(404, 'There is no such file.');
    throw error;
  }
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': CSP,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

function refusal(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: headers('text/plain; charset=utf-8') });
}
