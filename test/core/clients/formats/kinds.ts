import { parse as parseJsonc } from 'jsonc-parser';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';

/** How tests read a file of each format, and write one as a program does that saves its settings. By the name's ending. */
export const KINDS = {
  json: {
    read: (text: string): unknown =>
      text.trim() === '' ? undefined : parseJsonc(text, [], { allowTrailingComma: true }),
    write: (value: unknown): string => `${JSON.stringify(value, null, 3)}\n`,
  },
  toml: {
    read: (text: string): unknown => getStaticTOMLValue(parseTOML(text)),
    write: (value: unknown): string => tomlOf(value as Record<string, unknown>, []),
  },
  yaml: {
    read: (text: string): unknown => parseYaml(text) as unknown,
    write: (value: unknown): string => stringifyYaml(value, { indent: 4 }),
  },
};
export type Kind = keyof typeof KINDS;

/** The format of a file, by the ending of its name; JSON where it has none of its own (`.jsonc`). */
export function kindOf(path: string): Kind {
  return (Object.keys(KINDS) as Kind[]).find((kind) => path.endsWith(`.${kind}`)) ?? 'json';
}

/** Tables with headers, all else in one line, as programs write it. */
function tomlOf(table: Record<string, unknown>, path: readonly string[]): string {
  const isTable = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  const key = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));
  const inline = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
    if (value instanceof Date) return value.toISOString();
    if (!isTable(value)) return JSON.stringify(value);
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${key(name)} = ${inline(each)}`)
      .join(', ')} }`;
  };
  const members = Object.entries(table);
  const own = members
    .filter(([, value]) => !isTable(value))
    .map(([name, value]) => `${key(name)} = ${inline(value)}\n`);
  const below = members.flatMap(([name, value]) => (isTable(value) ? [tomlOf(value, [...path, name])] : []));
  const header = path.length === 0 ? '' : `\n[${path.map(key).join('.')}]\n`;
  return `${header}${own.join('')}${below.join('')}`;
}
