import { rowText } from '../../../../shared/text/core/clients.ts';
import { jsonc } from '../formats/jsonc.ts';
import type { ClientRow, Dialect, PathTemplate, PerSystem, System } from './types.ts';

export const NOWHERE: PerSystem = { darwin: [], win32: [], linux: [] };

export function everywhere(...paths: PathTemplate[]): PerSystem {
  return { darwin: paths, win32: paths, linux: paths };
}

/** Programs are called the same on every system, but for `.exe`. */
export function processes(...names: string[]): Readonly<Record<System, readonly string[]>> {
  return { darwin: names, win32: names.map((name) => `${name}.exe`), linux: names };
}

/** Where each system keeps the settings of programs. */
export const APPLICATION_SUPPORT = '~/Library/Application Support';
export const APPDATA = '{APPDATA|~/AppData/Roaming}';
export const LOCALAPPDATA = '{LOCALAPPDATA|~/AppData/Local}';
export const XDG_CONFIG = '{XDG_CONFIG_HOME|~/.config}';

/** A path below each system's own folder for settings, as Electron programs have it. */
export function inAppData(...paths: string[]): PerSystem {
  const below = (folder: string): string[] => paths.map((path) => `${folder}/${path}`);
  return { darwin: below(APPLICATION_SUPPORT), win32: below(APPDATA), linux: below(XDG_CONFIG) };
}

/** Several places of one kind, one after the other on each system. */
export function join(...all: PerSystem[]): PerSystem {
  return {
    darwin: all.flatMap((each) => each.darwin),
    win32: all.flatMap((each) => each.win32),
    linux: all.flatMap((each) => each.linux),
  };
}

/** Programs of a Mac are applications; their presence tells that a client is installed before it was ever started. */
export function macApplication(name: string): PerSystem {
  return { ...NOWHERE, darwin: [`/Applications/${name}.app`] };
}

type Given = Pick<
  ClientRow,
  'id' | 'name' | 'evidence' | 'files' | 'traces' | 'processes' | 'picksUp' | 'restart'
> &
  Partial<Omit<ClientRow, 'dialect'>> & { readonly dialect?: Partial<Dialect> };

/** A row, with what most clients have in common: JSON with `mcpServers`, `command`, `args`, `env` or `url`, `headers`. */
export function row({ dialect, ...given }: Given): ClientRow {
  return {
    pick: 'all',
    alsoReads: NOWHERE,
    format: jsonc,
    strictness: 'strict',
    maps: [['mcpServers']],
    lists: [],
    formerly: null,
    dropsServers: false,
    managed: NOWHERE,
    rules: [],
    extensions: NOWHERE,
    projectFiles: [],
    byHand: null,
    ...given,
    dialect: {
      remote: true,
      remoteNeedsType: false,
      variables: 'none',
      shape: 'usual',
      ours: 'url',
      unsupported: {},
      ...dialect,
    },
  };
}

/** Reasons to leave an entry, see {@link Dialect.unsupported}. */
export const OAUTH = rowText.ownOauth;

export const NEXT_SESSION = rowText.nextSession;
