import type { IncomingHttpHeaders } from 'node:http';

/** Stands for all servers where one would be named: no server can have this name. */
export const ALL = '/mcp';

export interface GuardRefusal {
  readonly status: 400 | 401 | 403 | 404 | 415 | 503;
  readonly message: string;
}

/**
 * Who may speak to the gateway at all: only someone on this machine who names it by a loopback address, and no page of a
 * browser unless its origin is allowed (DNS rebinding, CSRF; MCP 2025-11-25, transports, security warning).
 */
export function checkSource(
  headers: IncomingHttpHeaders,
  port: number,
  allowedOrigins: readonly string[],
): GuardRefusal | undefined {
  const host = headers.host?.toLowerCase();
  if (host === undefined || !isOwnAddress(host, port)) {
    return refuse(403, 'The Host header does not name this gateway.');
  }
  const { origin } = headers;
  if (origin !== undefined && !isOwnOrigin(origin, port) && !allowedOrigins.includes(origin)) {
    return refuse(403, 'Requests from this origin are not allowed.');
  }
  if (headers['sec-fetch-site'] === 'cross-site') {
    return refuse(403, 'Requests from other sites are not allowed.');
  }
  return undefined;
}

function isOwnAddress(host: string, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
}

/** The gateway's own origin: no page of another has it, and it serves none itself. Programs send it to name their target. */
function isOwnOrigin(origin: string, port: number): boolean {
  return origin.startsWith('http://') && isOwnAddress(origin.slice('http://'.length), port);
}

/** Refuses what a plain form or script of a page could send without asking. An absent type is refused later. */
export function checkBody(headers: IncomingHttpHeaders): GuardRefusal | undefined {
  const type = headers['content-type'];
  return type === undefined || isJson(type) ? undefined : refuse(415, NEEDS_JSON);
}

export function checkBodyIsJson(headers: IncomingHttpHeaders): GuardRefusal | undefined {
  return headers['content-type'] === undefined ? refuse(415, NEEDS_JSON) : undefined;
}

const NEEDS_JSON = 'The Content-Type must be application/json.';

function isJson(type: string): boolean {
  const end = type.indexOf(';');
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase() === 'application/json';
}

/** The token of `Authorization: Bearer …`; undefined when there is none. */
export function bearer(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  return authorization.slice(7).trim();
}

/** The server of `/s/<server>/mcp`, or ALL for `/mcp`. Repeated slashes and one at the end are ignored. */
export function serverOfPath(url: string): string | undefined {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const parts = path.split('/').filter((part) => part !== '');
  const [s, name, mcp, ...rest] = parts;
  if (parts.length === 1 && s === 'mcp') return ALL;
  if (s !== 's' || mcp !== 'mcp' || rest.length > 0 || name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

function refuse(status: GuardRefusal['status'], message: string): GuardRefusal {
  return { status, message };
}
