import { jsonc } from './formats/jsonc.ts';
import { toml } from './formats/toml.ts';
import type { FormatDriver, KeyPath, Strictness } from './formats/types.ts';

import type { Shape } from './shapes.ts';

/** `{NAME|path}`: the environment variable, else the path. `~` is the home folder; a `*` matches within one folder's name. */
export type PathTemplate = string;
type PerSystem = Readonly<Record<'darwin' | 'win32' | 'linux', readonly PathTemplate[]>>;

/** How a client writes a server, and what its variables look like. */
export interface Dialect {
  /** Whether the file may hold servers that are reached by URL. */
  readonly remote: boolean;
  /** Without `type`, an entry with a URL is ignored by the client. */
  readonly remoteNeedsType: boolean;
  readonly variables: 'none' | 'env-braces' | 'cursor' | 'gemini' | 'opencode';
  readonly shape: Shape;
  /** What our entry looks like: a URL with a header in the client's shape, that with `type:"http"`, or the stdio bridge. */
  readonly ours: 'url' | 'typed-url' | 'bridge';
  /** Fields that say something a shared gateway cannot do in the client's place. The entry is left as it is. */
  readonly unsupported: Readonly<Record<string, string>>;
}

export interface ClientRow {
  readonly id: string;
  readonly name: string;
  /** `first`: only the first file that exists counts. `all`: each is the client's. */
  readonly pick: 'all' | 'first';
  readonly files: PerSystem;
  /** Folders or files whose presence says that the client is installed, beside its own file. */
  readonly traces: PerSystem;
  readonly format: FormatDriver;
  readonly strictness: Strictness;
  /** Key paths of the maps that hold entries; `*` is a project folder. */
  readonly maps: readonly KeyPath[];
  readonly dialect: Dialect;
  /** Added to the file's path (the link's, not its target's): the folder that is made to hold the client's lock. */
  readonly lock?: string;
  /** The client is known to drop the whole map by itself: a missing map is no wish of the person. */
  readonly dropsServers: boolean;
  /** A file of the organisation: while it exists, the client reads no other. */
  readonly managed: PerSystem;
  /** Folders of installed packages, each with a manifest.json, that the client starts past its file. */
  readonly extensions: PerSystem;
  /** A file below each project folder, shared through git: listed, never edited. */
  readonly projectFile?: string;
  /** How this client is made to read its file again, for people. */
  readonly restart: string;
}

const nowhere: PerSystem = { darwin: [], win32: [], linux: [] };
const everywhere = (...paths: PathTemplate[]): PerSystem => ({ darwin: paths, win32: paths, linux: paths });

const OAUTH = 'It signs in with an OAuth client of its own, which stays with the client.';

/**
 * The AI clients Drawbridge knows. A new one is a row here, a driver in formats/ when its file is of a new kind, and
 * golden files in test/fixtures/clients.
 */
export const CLIENTS: readonly ClientRow[] = [
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    pick: 'all',
    files: {
      darwin: [
        '~/Library/Application Support/Claude/claude_desktop_config.json',
        '~/Library/Application Support/Claude-3p/claude_desktop_config.json',
      ],
      win32: [
        '{APPDATA|~/AppData/Roaming}/Claude/claude_desktop_config.json',
        '{LOCALAPPDATA|~/AppData/Local}/Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json',
        '{LOCALAPPDATA|~/AppData/Local}/Claude-3p/claude_desktop_config.json',
      ],
      linux: [
        '{XDG_CONFIG_HOME|~/.config}/Claude/claude_desktop_config.json',
        '{XDG_CONFIG_HOME|~/.config}/Claude-3p/claude_desktop_config.json',
      ],
    },
    traces: {
      darwin: ['~/Library/Application Support/Claude', '/Applications/Claude.app'],
      win32: ['{APPDATA|~/AppData/Roaming}/Claude', '{LOCALAPPDATA|~/AppData/Local}/Packages/Claude_*'],
      linux: ['{XDG_CONFIG_HOME|~/.config}/Claude'],
    },
    format: jsonc,
    strictness: 'strict',
    maps: [['mcpServers']],
    dialect: {
      remote: false,
      remoteNeedsType: false,
      variables: 'none',
      shape: 'usual',
      ours: 'bridge',
      unsupported: {},
    },
    dropsServers: true,
    managed: nowhere,
    extensions: {
      darwin: ['~/Library/Application Support/Claude/Claude Extensions'],
      win32: [
        '{APPDATA|~/AppData/Roaming}/Claude/Claude Extensions',
        '{LOCALAPPDATA|~/AppData/Local}/Packages/Claude_*/LocalCache/Roaming/Claude/Claude Extensions',
      ],
      linux: ['{XDG_CONFIG_HOME|~/.config}/Claude/Claude Extensions'],
    },
    restart: 'Quit Claude Desktop fully (from its tray or menu bar icon), then start it again.',
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    pick: 'first',
    files: everywhere('{CLAUDE_CONFIG_DIR|~/.claude}/.config.json', '{CLAUDE_CONFIG_DIR|~}/.claude.json'),
    traces: everywhere('{CLAUDE_CONFIG_DIR|~/.claude}'),
    format: jsonc,
    strictness: 'strict',
    maps: [['mcpServers'], ['projects', '*', 'mcpServers']],
    dialect: {
      remote: true,
      remoteNeedsType: true,
      variables: 'env-braces',
      shape: 'usual',
      ours: 'typed-url',
      unsupported: {
        headersHelper: 'Its headers come from a command (headersHelper), which only the client runs.',
        oauth: OAUTH,
      },
    },
    lock: '.lock',
    dropsServers: false,
    managed: {
      darwin: ['/Library/Application Support/ClaudeCode/managed-mcp.json'],
      win32: ['C:/Program Files/ClaudeCode/managed-mcp.json', 'C:/ProgramData/ClaudeCode/managed-mcp.json'],
      linux: ['/etc/claude-code/managed-mcp.json'],
    },
    extensions: nowhere,
    projectFile: '.mcp.json',
    restart: 'Start a new Claude Code session; running ones keep their servers until they end.',
  },
  {
    id: 'cursor',
    name: 'Cursor',
    pick: 'all',
    files: everywhere('~/.cursor/mcp.json'),
    traces: everywhere('~/.cursor'),
    format: jsonc,
    strictness: 'tolerant',
    maps: [['mcpServers']],
    dialect: {
      remote: true,
      remoteNeedsType: false,
      variables: 'cursor',
      shape: 'usual',
      ours: 'url',
      unsupported: {
        envFile: 'It takes its environment from a file (envFile), which Drawbridge does not read yet.',
        auth: OAUTH,
      },
    },
    dropsServers: false,
    managed: nowhere,
    extensions: nowhere,
    restart: 'Cursor reads its file by itself; if a server stays off, switch it on in Settings, MCP.',
  },
  {
    id: 'codex',
    name: 'Codex',
    pick: 'all',
    files: everywhere('{CODEX_HOME|~/.codex}/config.toml'),
    traces: everywhere('{CODEX_HOME|~/.codex}'),
    format: toml,
    strictness: 'tolerant',
    maps: [['mcp_servers']],
    dialect: {
      remote: true,
      remoteNeedsType: false,
      variables: 'none',
      shape: 'codex',
      ours: 'url',
      unsupported: {
        env_vars: 'It takes variables from the environment Codex is started in (env_vars).',
        scopes: OAUTH,
        oauth: OAUTH,
        oauth_resource: OAUTH,
      },
    },
    dropsServers: false,
    managed: nowhere,
    extensions: nowhere,
    restart: 'Start a new Codex session; running ones keep their servers until they end.',
  },
  {
    id: 'gemini-cli',
    name: 'Gemini CLI',
    pick: 'all',
    files: everywhere('{GEMINI_CLI_HOME|~}/.gemini/settings.json'),
    traces: everywhere('{GEMINI_CLI_HOME|~}/.gemini/settings.json'),
    format: jsonc,
    strictness: 'comments',
    maps: [['mcpServers']],
    dialect: {
      remote: true,
      remoteNeedsType: false,
      variables: 'gemini',
      shape: 'gemini',
      ours: 'url',
      unsupported: {
        oauth: OAUTH,
        authProviderType: OAUTH,
        tcp: 'It is reached over a WebSocket (tcp), which Drawbridge does not speak.',
      },
    },
    dropsServers: false,
    managed: nowhere,
    extensions: nowhere,
    restart: 'Start a new Gemini CLI session; running ones keep their servers until they end.',
  },
  {
    id: 'opencode',
    name: 'opencode',
    pick: 'all',
    // It merges all that exist.
    files: everywhere(
      '{XDG_CONFIG_HOME|~/.config}/opencode/opencode.json',
      '{XDG_CONFIG_HOME|~/.config}/opencode/opencode.jsonc',
      '{XDG_CONFIG_HOME|~/.config}/opencode/config.json',
    ),
    traces: everywhere('{XDG_CONFIG_HOME|~/.config}/opencode'),
    format: jsonc,
    strictness: 'tolerant',
    maps: [['mcp']],
    dialect: {
      remote: true,
      remoteNeedsType: false,
      variables: 'opencode',
      shape: 'opencode',
      ours: 'url',
      unsupported: { oauth: OAUTH },
    },
    dropsServers: false,
    managed: nowhere,
    extensions: nowhere,
    restart: 'Start opencode again; it reads its file when it starts.',
  },
];

export function clientRow(id: string): ClientRow | undefined {
  return CLIENTS.find((row) => row.id === id);
}

/** The name people see; a client configured by hand is called by its id. */
export function clientName(id: string): string {
  return clientRow(id)?.name ?? id;
}
