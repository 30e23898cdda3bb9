import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import { mappedFiles, type Options, type Scratch } from '../kit.ts';
import { PLACES } from './golden-places.ts';

export const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'clients');

export const SYSTEMS = {
  darwin: {
    home: '/Users/ada',
    roots: ['/Users/ada', '/Applications', '/Library'],
    env: { HOME: '/Users/ada' },
  },
  win32: {
    home: 'C:\\Users\\ada',
    roots: ['C:\\', 'C:/'],
    env: {
      AppData: 'C:\\Users\\ada\\AppData\\Roaming',
      LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
      USERPROFILE: 'C:\\Users\\ada',
      SEARCH_TOKEN: 'canary-from-environment',
    },
  },
  linux: { home: '/home/ada', roots: ['/home/ada', '/etc'], env: { HOME: '/home/ada' } },
} as const;

export type System = keyof typeof SYSTEMS;

/** One client on one system: where its file is, and what it is before. */
export interface Case {
  readonly client: string;
  readonly system: System;
  /** Below the scratch folder. */
  readonly place: string;
  readonly kind: 'json' | 'toml' | 'yaml';
  fixture(what: string): string;
  before(): Buffer;
  options(home: Scratch): Options;
}

export const CASES: readonly Case[] = Object.entries(PLACES).flatMap(([client, places]) =>
  (Object.keys(SYSTEMS) as System[]).flatMap((system) => {
    const place = places[system];
    if (place === undefined) return [];
    const kind = place.endsWith('.toml') ? 'toml' : place.endsWith('.yaml') ? 'yaml' : 'json';
    const fixture = (what: string): string => join(FIXTURES, client, `${system}.${what}`);
    const { home: at, roots, env } = SYSTEMS[system];
    return [
      {
        client,
        system,
        place,
        kind,
        fixture,
        before: () => readFileSync(fixture(`before.${kind}`)),
        options: (home) => ({ platform: system, home: at, env, files: mappedFiles(home, roots) }),
      },
    ];
  }),
);

/** What a file means, however it is written. */
export function meaningOf(text: string, kind: Case['kind']): unknown {
  const body = text.replace(/^\uFEFF/, '');
  if (kind === 'toml') return getStaticTOMLValue(parseTOML(body));
  if (kind === 'yaml') return parseYaml(body);
  return body.trim() === '' ? undefined : parseJsonc(body, [], { allowTrailingComma: true });
}

/** The file as a client writes it that reads its settings and saves them: comments and layout are gone. */
export function rewritten(text: string, kind: Case['kind']): string {
  const value = meaningOf(text, kind);
  if (kind === 'toml') return tomlOf(value as Record<string, unknown>, []);
  if (kind === 'yaml') return stringifyYaml(value, { indent: 4 });
  return `${JSON.stringify(value, null, 3)}\n`;
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

/** Whether there are fixtures for a client. */
export function hasFixtures(client: string): boolean {
  return existsSync(join(FIXTURES, client));
}
