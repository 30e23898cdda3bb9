import type { FormatDriver, KeyPath, Strictness } from '../formats/types.ts';
import type { RuleFile } from './organisation.ts';
import type { PerSystem, System } from './places.ts';

export type { PathTemplate, PerSystem, System } from './places.ts';

/** How a client names the parts of an entry; `usual` is what Claude began with: command, args, env, url, headers. */
export type Shape =
  | 'usual'
  | 'gemini'
  | 'opencode'
  | 'codex'
  | 'server-url'
  | 'zed'
  | 'cline'
  | 'continue'
  | 'goose'
  | 'jan'
  | 'request-init'
  | 'server-url-or-url'
  | 'base-url';

/** How a client writes variables. */
export type Variables =
  | 'none'
  /** `${V}` and `${V:-otherwise}`. */
  | 'env-braces'
  /** `${env:V}`, `${userHome}` and those of a window, as VS Code began them. */
  | 'editor'
  /** `${env:V}` and `${file:path}`. */
  | 'windsurf'
  /** `$V`, `${V}` and `${V:-otherwise}`. */
  | 'gemini'
  /** `{env:V}` and `{file:path}`. */
  | 'opencode'
  /** `${{ secrets.V }}`, which the client has in a store or a file of its own. */
  | 'continue';

/**
 * How a client locks its file: a folder next to it (next to the link, where the file is one), with `.lock` added.
 *   `empty-folder`  who makes it holds it, and sets its time again while it does. A file in it would keep others from taking
 *                   it over once it is stale.
 *   `owner-folder`  holds a file `owner.<token>` and is renamed into place with it. An empty one would be replaced by the
 *                   client's own rename, so it must never be empty.
 */
export type LockKind = 'empty-folder' | 'owner-folder';

/** How a client writes a server, and what its variables look like. */
export interface Dialect {
  /** Whether the file may hold servers that are reached by URL. */
  readonly remote: boolean;
  /** Without `type`, an entry with a URL is ignored by the client. */
  readonly remoteNeedsType: boolean;
  readonly variables: Variables;
  readonly shape: Shape;
  /** What our entry looks like: a URL with a header in the client's shape, or the stdio bridge. */
  readonly ours: 'url' | 'bridge';
  /** What our entry says besides its address, for clients that want the kind of server said. */
  readonly mark?: Readonly<Record<string, string>>;
  /** Members of the person's entry that stand before ours: a name, in a list of named entries. */
  readonly first?: readonly string[];
  /** Members our entry gets where the person's had none of that name, because the client wants them. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** What an entry with a URL and no type is; without this it goes by how the URL ends. */
  readonly untyped?: 'http' | 'sse';
  /** The client joins arguments with blanks and takes them apart again: none of ours may hold one. */
  readonly splitsArguments?: boolean;
  /** Fields that say something a shared gateway cannot do in the client's place. The entry is left as it is. */
  readonly unsupported: Readonly<Record<string, string>>;
  /** The field that names a file of `NAME=value` lines to add to the environment. */
  readonly envFile?: string;
}

/** What a person does in a client that has no file to write. `{url}` and `{token}` are filled in, see scan/by-hand.ts. */
export interface ByHand {
  readonly steps: readonly string[];
  readonly note: string | null;
}

/** How long a client waits for the result of a call, less a margin for the answer to arrive. In milliseconds. */
export interface Patience {
  /** Whatever comes meanwhile; without it, as long as every other client. */
  readonly plainMs?: number;
  /** While progress comes, for a call that asked for it. */
  readonly withProgressMs?: number;
}

/** How we know what a row says, best first. */
export type Evidence =
  /** Tried with the real client. */
  | 'tried'
  /** Its source or its own documentation. */
  | 'source'
  /** Read in other tools that write the same file. */
  | 'tools'
  /** Hearsay. */
  | 'weak';

export interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly evidence: Evidence;
  /** `first`: only the first file that exists counts. `all`: each is the client's. */
  readonly pick: 'all' | 'first';
  readonly files: PerSystem;
  /** Files of other clients that this one reads as well. They are edited as the other's, and once. */
  readonly alsoReads: PerSystem;
  /** Folders or files whose presence says that the client is installed, apart from its own file. */
  readonly traces: PerSystem;
  /**
   * Its running processes: file name of the program (on Windows with `.exe`), or of the script that a `node` runs. Empty
   * where a running client cannot be told from something else.
   */
  readonly processes: Readonly<Record<System, readonly string[]>>;
  readonly format: FormatDriver;
  readonly strictness: Strictness;
  /** A file that begins with a byte order mark is an error to it, or silently nothing. */
  readonly refusesBom?: true;
  /** Key paths of the maps that hold entries; `*` is a project folder. */
  readonly maps: readonly KeyPath[];
  /** Where the client kept its servers once. It moves them by itself, or reads them still: they are shown, and left alone. */
  readonly formerly: { readonly files: PerSystem; readonly maps: readonly KeyPath[] } | null;
  /** Lists of further servers in the same file: shown, and left alone. */
  readonly lists: readonly KeyPath[];
  readonly dialect: Dialect;
  /** Only entries with one of these in `type` are servers; what else is in the map is the client's own. */
  readonly onlyTypes?: readonly string[];
  /** The client's own lock on its file, see files/lock.ts. */
  readonly lock?: LockKind;
  /** The client is known to drop the whole map by itself: a missing map is no wish of the person. */
  readonly dropsServers: boolean;
  /** A file of the organisation: while it exists, the client reads no other. */
  readonly managed: PerSystem;
  /** Files with rules about which servers it may reach: an entry of ours has another address than the server's own. */
  readonly rules: readonly RuleFile[];
  /** Folders of installed packages, each with a manifest.json, that the client starts past its file. */
  readonly extensions: PerSystem;
  /** Files below a project folder, shared through git: listed, never edited. */
  readonly projectFiles: readonly string[];
  /** Its own file can hold servers for one project, which count before those of the project's shared files. */
  readonly localScope?: {
    /** Keys of the lists in which it notes what the person said to shared servers, and of the yes to all. */
    readonly approved: string;
    readonly denied: string;
    readonly all: string;
    /** Further files with these keys: the person's, and below a project folder those that are not shared. */
    readonly settings: PerSystem;
    readonly projectSettings: readonly string[];
  };
  /** Null for a client that is set up through its file. */
  readonly byHand: ByHand | null;
  /** `live`: it notices a changed file by itself. `start`: only when it, or a session of it, starts. */
  readonly picksUp: 'live' | 'start';
  /** How long its calls may be held while a person decides, where more is known than of most clients. */
  readonly patience?: Patience;
  /** How this client is made to read its file again, for people. */
  readonly restart: string;
}
