import { createHash } from 'node:crypto';
import { isObject } from '../../../../shared/base/is-object.ts';

/** SHA-256 of a text or of bytes, in hexadecimal. */
export function hashOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a value's meaning: the order of keys does not count. */
export function digestOf(value: unknown): string {
  return hashOf(canonical(value));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}
