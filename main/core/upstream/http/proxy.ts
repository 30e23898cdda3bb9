import type { LoginShell } from '../../login-shell/index.ts';
import { withShell } from '../stdio/child-env.ts';
import { UpstreamError, type UpstreamPorts } from '../types.ts';

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that requests to an address go through. */
export interface HttpProxy {
  /** As Node's agents take it (`proxyEnv`). */
  readonly env: Readonly<Record<string, string>>;
  /** For error texts: without credentials. */
  readonly shown: string;
}

/**
 * The proxy of the machine's environment for an address: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY where that is not set, and
 * NO_PROXY, in either case, as curl and most tools read them; the lower-case name goes before. Servers on this machine are never reached through one.
 * @param node the version of the runtime (`process.versions.node`)
 * @throws UpstreamError when the proxy named there is of a kind that is not supported
 */
export function proxyFor(environment: Environment, url: URL, node: string): HttpProxy | undefined {
  const own = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const name = variable(environment, own) === undefined ? 'ALL_PROXY' : own;
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
  return { env: { [own]: text }, shown };
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
}

/**
 * The environment that says how an address is reached: ours where it names a proxy, else with what the login shell names,
 * which is asked unless the address is on this machine. The file of more certificate authorities is in it, too.
 */
export async function networkEnvironment(
  { machine }: Pick<UpstreamPorts, 'machine'>,
  loginShell: Pick<LoginShell, 'look'>,
  url: URL,
): Promise<Environment> {
  const { env, platform } = machine;
  if (isLoopback(url.hostname)) return env;
  const shell = await loginShell.look();
  // Half of the proxies from here and half from there would be neither's wish.
  const named = PROXIES.some((name) => variable(env, name) !== undefined);
  const told = (name: string): string | undefined =>
    named && PROXIES.includes(name.toUpperCase()) ? undefined : shell.variable(name);
  return withShell(env, { variable: told }, platform);
}

/** The ports for connections to an address: with the environment of {@link networkEnvironment}. */
export async function portsFor(
  url: URL,
  ports: UpstreamPorts,
  loginShell: Pick<LoginShell, 'look'>,
): Promise<UpstreamPorts> {
  const env = await networkEnvironment(ports, loginShell, url);
  return { ...ports, machine: { ...ports.machine, env } };
}

/** Names are found whatever their case, as on Windows; where two differ in it, the lower-case one counts. */
function variable(environment: Environment, name: string): string | undefined {
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
