import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mappedFiles, type Options, type Scratch } from '../kit.ts';
import { PLACES } from './golden-places.ts';
import { KINDS, type Kind, kindOf } from './kinds.ts';

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
  readonly kind: Kind;
  fixture(what: string): string;
  before(): Buffer;
  options(home: Scratch): Options;
}

export const CASES: readonly Case[] = Object.entries(PLACES).flatMap(([client, places]) =>
  (Object.keys(SYSTEMS) as System[]).flatMap((system) => {
    const place = places[system];
    if (place === undefined) return [];
    const kind = kindOf(place);
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
export function meaningOf(text: string, kind: Kind): unknown {
  return KINDS[kind].read(text.replace(/^\uFEFF/, ''));
}

/** The file as a client writes it that reads its settings and saves them: comments and layout are gone. */
export function rewritten(text: string, kind: Kind): string {
  return KINDS[kind].write(meaningOf(text, kind));
}

/** Whether there are fixtures for a client. */
export function hasFixtures(client: string): boolean {
  return existsSync(join(FIXTURES, client));
}
