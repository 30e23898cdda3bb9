import { isObject } from '../../../../shared/base/is-object.ts';
import { CLIENT_VARIABLE } from '../../../../shared/base/token-place.ts';
import type { Dialect } from '../table/index.ts';
import { usualFormOrWritten } from './shapes.ts';

/** Holds the client's token in an entry of ours that starts the bridge. */
export const TOKEN_VARIABLE = 'DRAWBRIDGE_TOKEN';
const LOOPBACK =
  /^(?:127(?:\.\d+){3}|(?:.+\.)?localhost\.?|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/i;

/**
 * The server that an entry reaches through a Drawbridge gateway, ours or another; undefined when it goes elsewhere. Empty
 * for the address that joins all servers. Also found inside the arguments of a wrapper such as mcp-remote, a shell or
 * `cmd /c`: importing that would make a loop.
 * @param gatewayUrl our own address: with its port, any host that may be an alias of this machine counts
 */
export function routedTo(
  written: unknown,
  { shape }: Pick<Dialect, 'shape'>,
  gatewayUrl?: string,
): string | undefined {
  return serverReached(usualFormOrWritten(written, shape), gatewayUrl);
}

/** {@link routedTo} for an entry in its usual form. */
export function serverReached(entry: unknown, gatewayUrl?: string): string | undefined {
  if (!isObject(entry)) return undefined;
  const args = Array.isArray(entry.args) ? entry.args.filter((arg) => typeof arg === 'string') : [];
  for (const text of [entry.url, ...args]) {
    if (typeof text !== 'string') continue;
    for (const address of [text, ...(text.match(/https?:\/\/[^\s"'<>|\\]+/gi) ?? [])]) {
      const server = serverOfUrl(address, gatewayUrl);
      if (server !== undefined) return server;
    }
  }
  const { env } = entry;
  if (isObject(env) && [TOKEN_VARIABLE, CLIENT_VARIABLE].some((name) => typeof env[name] === 'string')) {
    const data = args.indexOf('--data');
    return (data > 0 ? args[data - 1] : args.at(-1)) ?? '';
  }
  return undefined;
}

function serverOfUrl(address: string, gatewayUrl: string | undefined): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname, port } = new URL(address);
  const ownPort = gatewayUrl !== undefined && new URL(gatewayUrl).port === port;
  const local = LOOPBACK.test(hostname);
  if (/^\/+mcp\/*$/.test(pathname)) return local && ownPort ? '' : undefined;
  const name = /^\/+s\/([^/]+)\/mcp\/*$/.exec(pathname)?.[1];
  if (name === undefined || !(local || ownPort)) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken percent escape: still the shape of our address, so still not to be imported.
    return name;
  }
}
