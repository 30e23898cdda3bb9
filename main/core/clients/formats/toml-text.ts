import type { Field } from './types.ts';

/** An entry in TOML: a table of its own with the tables below it, an inline table, or keys that begin with its name. */
export type TomlForm = 'table' | 'inline' | 'dotted';

/**
 * The text of an entry. A table's begins with the line break after its header and has none at its end; tables below it
 * come last, as they were written. Dotted keys begin with `name`.
 */
export function renderEntry(fields: readonly Field[], form: TomlForm, eol: string, name = ''): string {
  const pairs = fields
    .filter((field) => !('block' in field && field.block))
    .map((field) => `${tomlKey(field.key)} = ${'text' in field ? field.text : tomlValue(field.value)}`);
  if (form === 'dotted') return pairs.map((pair) => `${tomlKey(name)}.${pair}`).join(eol);
  if (form === 'inline') return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  const blocks = fields.flatMap((field) => ('block' in field && field.block ? [eol + field.text] : []));
  return [...pairs, ...blocks].map((line) => eol + line).join('');
}

export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

/** A value in one line; maps as inline tables. Members without a value are left out. */
export function tomlValue(value: unknown): string {
  if (typeof value === 'string') return tomlString(value);
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
    return renderEntry(
      fields.map(([key, each]) => ({ key, value: each })),
      'inline',
      '',
    );
  }
  return String(value);
}

/** Basic strings have the escapes of JSON (TOML 1.0, string), but for one character that must be escaped as well. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
