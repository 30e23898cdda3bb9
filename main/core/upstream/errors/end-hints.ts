/**
 * What commonly keeps servers from running, recognised by what they and their launchers print. The first that fits counts:
 * the more specific ones come first.
 */
const HINTS: readonly { readonly when: RegExp; readonly hint: string }[] = [
  {
    when: /Cannot connect to the Docker daemon|docker daemon is not running|dockerDesktopLinuxEngine|failed to connect to the docker API/i,
    hint: 'Docker is not running. Start it (Docker Desktop, or the docker service) and try again.',
  },
  {
    when: /permission denied while trying to connect to the docker/i,
    hint: 'Your user may not use Docker. On Linux: sudo usermod -aG docker $USER, then log in again.',
  },
  {
    when: /pull access denied|manifest unknown|repository does not exist/i,
    hint: 'The Docker image does not exist, or may not be downloaded. Check its name.',
  },
  {
    when: /npm (?:error|ERR!) (?:code )?E404/,
    hint: 'There is no such npm package. Check its name in the arguments.',
  },
  {
    when: /npm (?:error|ERR!) (?:code )?(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ENOTCACHED)/,
    hint: 'npx could not reach the npm registry to fetch the package: this machine is offline, or a proxy stands between.',
  },
  {
    when: /npm (?:error|ERR!) (?:code )?(?:EUSAGE|could not determine executable)|could not determine executable to run/,
    hint: 'The npm package has no program to run. Check its name in the arguments.',
  },
  {
    when: /error sending request for url|dns error: failed to lookup|client error \(Connect\)|Failed to fetch: `https?:/,
    hint: 'uv could not reach its package index: this machine is offline, or a proxy stands between.',
  },
  {
    when: /was not found in the package registry|No solution found when resolving/,
    hint: 'There is no such Python package, or none for this machine. Check its name in the arguments.',
  },
  {
    when: /ERR_UNSUPPORTED_ENGINE|Unsupported engine|EBADENGINE|SyntaxError: Unexpected token '\?\??[.=]?'/,
    hint: 'The server needs a newer version of Node.js.',
  },
  {
    when: /Cannot find module '(?:\/|[A-Za-z]:\\)|can't open file '/,
    hint: 'The script in the arguments does not exist. Check its path.',
  },
  {
    when: /Cannot find (?:module|package) '|ERR_MODULE_NOT_FOUND|ModuleNotFoundError/,
    hint: 'A package the server needs is not installed. Install its dependencies.',
  },
  {
    when: /EADDRINUSE|Address already in use/i,
    hint: 'The port the server wants is taken, maybe by another copy of it.',
  },
];

/**
 * What a person can do about a server that ended before it answered anything: a sentence with a space before it, or
 * nothing where its output says nothing known.
 * @param output what it wrote
 */
export function hintFor(code: number | null, output: string): string {
  const known = HINTS.find(({ when }) => when.test(output));
  if (known) return ` ${known.hint}`;
  return code === 127
    ? ' A program it runs was not found. Install it, or add its folder to the PATH of your login shell.'
    : '';
}
