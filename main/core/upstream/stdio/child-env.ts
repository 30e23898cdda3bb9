import type { ShellState } from '../../login-shell/index.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the person's desktop, agents and network are, on any system. Values of these are addresses and files. */
const EVERYWHERE = [
  'LANG',
  'LANGUAGE',
  'TZ',
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
];
const POSIX = new Set([
  ...EVERYWHERE,
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'TMPDIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'DBUS_SESSION_BUS_ADDRESS',
  'GPG_AGENT_INFO',
  '__CF_USER_TEXT_ENCODING',
]);
const POSIX_PREFIXES = ['LC_', 'XDG_'];
const WINDOWS = new Set([
  ...EVERYWHERE.map((name) => name.toUpperCase()),
  'PATH',
  'PATHEXT',
  'COMSPEC',
  'OS',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'TEMP',
  'TMP',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'ALLUSERSPROFILE',
  'PUBLIC',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'USERNAME',
  'USERDOMAIN',
  'COMPUTERNAME',
  'NUMBER_OF_PROCESSORS',
]);
const WINDOWS_PREFIXES = ['PROGRAMFILES', 'COMMONPROGRAMFILES', 'PROCESSOR_'];

/**
 * The environment of a child: an allow list of ours, then the entry's own variables, which win. Our own flags
 * (NODE_OPTIONS, LD_PRELOAD, ELECTRON_RUN_AS_NODE, DRAWBRIDGE_*) are not on the list, so a server never inherits them.
 * @param path the search path that replaces ours unless the entry sets one
 */
export function childEnvironment(
  platform: NodeJS.Platform,
  ours: Env,
  own: Readonly<Record<string, string>>,
  path: string | undefined,
): Record<string, string> {
  const windows = platform === 'win32';
  const allowed = (name: string): boolean => {
    const key = windows ? name.toUpperCase() : name;
    return windows
      ? WINDOWS.has(key) || WINDOWS_PREFIXES.some((prefix) => key.startsWith(prefix))
      : POSIX.has(key) || POSIX_PREFIXES.some((prefix) => key.startsWith(prefix));
  };
  const result: Record<string, string> = {};
  // Windows compares names without case: setting `Path` must replace `PATH`, not be added to it.
  const set = (name: string, value: string): void => {
    const before = windows
      ? Object.keys(result).find((key) => key.toUpperCase() === name.toUpperCase())
      : undefined;
    if (before !== undefined) delete result[before];
    result[name] = value;
  };
  for (const [name, value] of Object.entries(ours)) {
    // A value that begins so is a shell function exported by bash, not a setting.
    if (value !== undefined && allowed(name) && !value.startsWith('()')) set(name, value);
  }
  if (path !== undefined) set('PATH', path);
  for (const [name, value] of Object.entries(own)) set(name, value);
  return result;
}

/**
 * Our environment, with what the login shell knows of network, certificates and agents where ours has nothing: programs
 * started from a desktop lack it.
 */
export function withShell(ours: Env, shell: Pick<ShellState, 'variable'>, platform: NodeJS.Platform): Env {
  if (platform === 'win32') return ours;
  const more = EVERYWHERE.filter((name) => ours[name] === undefined && shell.variable(name) !== undefined);
  return { ...ours, ...Object.fromEntries(more.map((name) => [name, shell.variable(name)])) };
}

const CONTAINERS = /^(?:docker|podman|nerdctl)(?:\.exe)?$/i;

/**
 * Variables that a command line hands on by name alone (`docker run -e TOKEN image`): a client that gives servers its whole
 * environment gives them, too.
 */
export function namedByArguments(command: string, args: readonly string[]): string[] {
  if (!CONTAINERS.test(command.split(/[\\/]/).at(-1) ?? '')) return [];
  return args.flatMap((arg, i) => {
    const [, joined] = /^(?:--env=|-e)([A-Za-z_]\w*)$/.exec(arg) ?? [];
    if (joined !== undefined) return [joined];
    return /^(?:--env|-e)$/.test(args[i - 1] ?? '') && /^[A-Za-z_]\w*$/.test(arg) ? [arg] : [];
  });
}

/** The search path in an environment, whatever the case of its name on Windows. */
export function pathOf(platform: NodeJS.Platform, env: Env): string | undefined {
  if (platform !== 'win32') return env.PATH;
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return name === undefined ? undefined : env[name];
}
