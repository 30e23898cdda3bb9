import { isCredentialName, redactText } from '../../audit/credential-patterns.ts';

/** What people see in the place of a secret. */
export const BULLETS = '••••••';

/** Values that tell nothing, whatever they are called. */
const HARMLESS_VALUE =
  /^(?:|true|false|yes|no|on|off|none|null|auto|default|\d{1,6}(?:\.\d{1,3})?|trace|debug|verbose|info|notice|warn|warning|error|fatal|silent|production|development|staging|test|local|dev|prod|stdio|http|https|sse|json|text|utf-?8)$/i;
/** A folder or file, or an address without anything personal in it. */
const PLACE =
  /^(?:~?\/[\w .@+~/-]*|[A-Za-z]:[\\/][\w .@+~\\/-]*|https?:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[\w.~/-]{0,60})?)$/;
const HARMLESS_NAME =
  /^(?:path|home|user|lang|language|lc_\w+|tz|term|shell|pwd|tmp|temp|tmpdir|node_env|debug|\w*log_level|\w*port|\w*host|\w*region|accept|accept-language|content-type|user-agent|cache-control|mcp-protocol-version|drawbridge_client|drawbridge_data)$/i;
/** Whole values that are only a variable: the secret is elsewhere. */
const VARIABLE = /^\$\{[^}]*\}$/;

/**
 * Whether a value of `env` or `headers` belongs in the key store. Everything does that is not plainly harmless: such maps
 * are where tokens are, and a name does not always say so.
 */
export function isSecretSetting(name: string, value: string): boolean {
  if (HARMLESS_VALUE.test(value)) return false;
  if (isCredentialName(name) || looksSecret(value)) return true;
  return !HARMLESS_NAME.test(name) && !PLACE.test(value);
}

/** Which arguments of a command line belong in the key store, by their places. */
export function secretArguments(args: readonly string[]): ReadonlySet<number> {
  return new Set(args.flatMap((arg, i) => (isSecretArgument(arg, args[i - 1]) ? [i] : [])));
}

/** Whether an argument belongs in the key store: by what it looks like, or by the option before it. */
export function isSecretArgument(value: string, before: string | undefined): boolean {
  if (HARMLESS_VALUE.test(value)) return false;
  if (looksSecret(value)) return true;
  const assigned = /^-{0,2}([\w.-]+)=(.+)$/s.exec(value);
  if (assigned) return isSecretOption(assigned[1] as string) && !HARMLESS_VALUE.test(assigned[2] as string);
  const option = /^--?([\w.-]+)$/.exec(before ?? '')?.[1];
  return option !== undefined && !value.startsWith('-') && isSecretOption(option);
}

/** Whether text holds something that is a credential by its own looks, whatever it is called. */
export function looksSecret(value: string): boolean {
  if (VARIABLE.test(value)) return false;
  if (redactText(value) !== value) return true;
  // A query that carries a key; a long run of characters that nobody would type.
  for (const [, name] of value.matchAll(/[?&]([\w.-]+)=/g)) if (isSecretOption(name as string)) return true;
  return (value.match(/[A-Za-z0-9_+-]{32,}/g) ?? []).some(
    (run) => /\d/.test(run) && /[A-Za-z]/.test(run) && !/^[a-z0-9]+(?:[-_][a-z0-9]+){2,}$/.test(run),
  );
}

/** Maps of an entry in which tokens are. */
const SETTINGS: ReadonlySet<string> = new Set(['env', 'environment', 'envs', 'headers', 'http_headers']);

/** For showing: which strings of a client's file to hide, given in the order in which they stand there. */
export function secretStrings<T extends { readonly path: readonly string[]; readonly value: string }>(
  strings: readonly T[],
): T[] {
  return strings.filter(({ path, value }, i) => {
    const before = strings[i - 1];
    const sibling = before && before.path.length === path.length && before.path.at(-2) === path.at(-2);
    return isSecretAt(path, value, sibling ? before.value : undefined);
  });
}

/** For showing: whether to hide a string that stands at this key path of a client's file. */
export function isSecretAt(path: readonly string[], value: string, before: string | undefined): boolean {
  if (VARIABLE.test(value)) return false;
  const name = path.at(-1) ?? '';
  const parent = path.at(-2);
  if (SETTINGS.has(parent ?? '')) return isSecretSetting(name, value);
  if (parent === 'args' || parent === 'command') return isSecretArgument(value, before);
  if (/^https?:\/\/[^/?#\s]*@/i.test(value)) return true;
  return (isSecretOption(name) && !HARMLESS_VALUE.test(value)) || looksSecret(value);
}

function isSecretOption(name: string): boolean {
  return isCredentialName(name) || /(?:^|[-_.])(?:key|pat|auth|creds?|dsn|sig|signature)$/i.test(name);
}
