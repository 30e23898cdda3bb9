import { UpstreamError } from '../types.ts';

/** The proxy that requests to an address go through. */
export interface HttpProxy {
  /** As Node's agents take it (`proxyEnv`). */
  readonly env: Readonly<Record<string, string>>;
  /** For error texts: without credentials. */
  readonly shown: string;
}

/**
 * The proxy of the machine's environment for an address: HTTP_PROXY, HTTPS_PROXY and NO_PROXY in either case, as curl
 * and most tools read them; the lower-case name goes before. Servers on this machine are never reached through one.
 * @param node the version of the runtime (`process.versions.node`)
 * @throws UpstreamError when the proxy named there is of a kind that is not supported
 */
export function proxyFor(
  environment: Readonly<Record<string, string | undefined>>,
  url: URL,
  node: string,
): HttpProxy | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = variable(environment, name);
  if (value === undefined || isLoopback(url.hostname)) return undefined;
  if (isExcepted(variable(environment, 'NO_PROXY') ?? '', url)) return undefined;
  const text = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  const refuse = (why: string): UpstreamError =>
    new UpstreamError(
      'unsent',
      `${name} is set on this machine, ${why} To reach ${url.host} directly, add it to NO_PROXY.`,
    );
  if (!proxy) throw refuse('but its value is not an address.');
  const shown = `${proxy.protocol}//${proxy.host}`;
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')
    throw refuse(`but ${shown} is no HTTP proxy, and only those can be used.`);
  if (!knowsProxies(node))
    throw refuse(`but this runtime (Node ${node}) cannot use proxies; 24.5 and later can.`);
  return { env: { [name]: text }, shown };
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
}

/** Names are found whatever their case, as on Windows; where two differ in it, the lower-case one counts. */
function variable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const [found] = Object.keys(environment)
    .filter((key) => key.toUpperCase() === name && environment[key])
    .sort((a, b) => (a > b ? -1 : 1));
  return found === undefined ? undefined : environment[found];
}

/** An entry is a host, which stands for its subdomains too, with a port if it means just that, or `*`. */
function isExcepted(list: string, url: URL): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (only !== undefined && only !== port)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}

function knowsProxies(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5);
}
