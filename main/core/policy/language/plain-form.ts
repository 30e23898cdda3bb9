import { globMatches } from './glob.ts';

/**
 * Texts that mean something else than they look like. A rule that compares the beginning of a path, a URL or a command
 * must not be bypassed with `/srv/../etc`, `https://good@evil/` or `git -c …`; such an argument does not fit the rule,
 * and what does not fit is refused (docs/policy.md, "Arguments that do not fit").
 */
export type RuleShape = 'path' | 'url' | 'command' | 'text';

/** What kind of text a rule's own value is about. */
export function shapeOf(rule: string): RuleShape {
  // What stands before `://` may itself be a pattern: `http*://`, `^https?:\/\/`, `(?i)^(http|ws)s?://`.
  if (/^[^\s/\\]*:(\/|\\\/){2}/.test(rule)) return 'url';
  if (/^[\^(]*([A-Za-z]:)?[\\/]/.test(rule) || /^[\^(]*\\?[.~]{1,2}[\\/]/.test(rule)) return 'path';
  if (/^\^?[A-Za-z][\w.-]* /.test(rule)) return 'command';
  if (/[\\/]/.test(rule.replaceAll(/\\[^\\/]/g, ''))) return 'path';
  return 'text';
}

/** Why `text` cannot be compared by its beginning under a rule of this shape, or undefined when it can. */
export function unplain(shape: RuleShape, text: string): string | undefined {
  if (shape === 'text') return undefined;
  if (text.includes('\0')) return 'it holds a NUL character';
  if (shape === 'command') return undefined;
  if (hasDotSegment(text)) return 'it holds a "." or ".." segment';
  if (shape === 'path') {
    if (/^\s*file:/i.test(text)) return 'it is a file URL, not a path';
    if (/[\\/]{2}/.test(text)) return 'it holds a doubled separator';
    if (/%(2e|2f|5c|25|00)/i.test(text)) return 'it holds encoded separators';
    return undefined;
  }
  if (/[\\\s\u0000-\u001f]/.test(text)) return 'it holds characters that do not belong in a URL';
  const host = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1];
  if (host === undefined) return 'it is not a whole URL';
  if (host.includes('@')) return 'its host part holds a user name';
  const scheme = text.slice(0, text.indexOf(':'));
  if (/[A-Z]/.test(scheme + host)) return 'its scheme or host holds capital letters';
  const name = host.replace(/:\d*$/, '');
  if (name.endsWith('.')) return 'its host ends with a dot';
  const port = host.slice(name.length);
  if (port !== '' && (port === ':' || port.startsWith(':0') || port === DEFAULT_PORTS[scheme]))
    return 'it names a port that goes without saying';
  if (/^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*$/i.test(name) && !isPlainIpv4(name))
    return 'its host is an address in an unusual form';
  if (/[^\u0021-\u007e]|%/.test(name)) return 'its host is not written in plain letters';
  return undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  http: ':80',
  ws: ':80',
  https: ':443',
  wss: ':443',
});

/**
 * Matches a pattern about a URL against a plain one. A `*` in the scheme or host stays in there, so that
 * `https://*.good.example/*` does not fit `https://evil.example/x.good.example/`; a last one in the host fits what follows.
 */
export function urlGlobMatches(pattern: string, url: string): boolean {
  const rule = URL_PARTS.exec(pattern);
  const text = URL_PARTS.exec(url);
  if (rule === null || text === null) return globMatches(pattern, url);
  const [, scheme = '', host = '', rest = ''] = rule;
  const [, itsScheme = '', itsHost = '', itsRest = ''] = text;
  const open = rest === '' && host.endsWith('*');
  return globMatches(scheme, itsScheme) && globMatches(host, itsHost) && (open || globMatches(rest, itsRest));
}
const URL_PARTS = /^([^:/?#]*):\/\/([^/?#]*)(.*)$/s;

/** Why a command that does match `git *` may still run something else. */
export function unplainCommand(text: string): string | undefined {
  if (/[;&|`$<>(){}'"\\\r\n]/.test(text)) return 'it holds characters that a shell interprets';
  if (/^\S+\s+-/.test(text)) return 'an option comes before its subcommand';
  return undefined;
}

function hasDotSegment(text: string): boolean {
  let decoded = text;
  // Three times, because servers decode more than once; percent signs left over are refused for paths anyway.
  for (let i = 0; i < 3; i++)
    decoded = decoded.replaceAll(/%(2e|2f|5c|25)/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const rest = decoded.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  return rest
    .split(/[\\/?#]/)
    .some((part, index) => part.trim() === '..' || (part.trim() === '.' && index > 0));
}

function isPlainIpv4(name: string): boolean {
  const parts = name.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}
