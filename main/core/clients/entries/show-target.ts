import { isObject } from '../../../../shared/base/is-object.ts';
import { BULLETS, looksSecret, secretArguments } from './credentials.ts';
import { holdsCredential } from './url-credentials.ts';

/** Command line or URL of an entry for people, secrets as bullets. Works for entries that cannot be routed, too. */
export function targetOf(entry: unknown): string {
  if (!isObject(entry)) return '';
  if (typeof entry.command === 'string') {
    const args = Array.isArray(entry.args) ? entry.args.map((arg) => String(arg)) : [];
    const secret = secretArguments(args);
    return [
      looksSecret(entry.command) ? BULLETS : entry.command,
      ...args.map((arg, i) => (secret.has(i) ? BULLETS : arg)),
    ].join(' ');
  }
  if (typeof entry.url !== 'string') return '';
  if (!holdsCredential(entry.url)) return looksSecret(entry.url) ? BULLETS : entry.url;
  return `${new URL(entry.url).origin}/${BULLETS}`;
}
