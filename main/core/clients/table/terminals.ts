import { toml } from '../formats/toml.ts';
import { yaml } from '../formats/yaml.ts';
import { ampRules, CODEX_RULES } from './organisation.ts';
import { APPDATA, everywhere, NEXT_SESSION, OAUTH, processes, row, XDG_CONFIG } from './row.ts';
import type { ClientRow } from './types.ts';

const AMP_FILES = everywhere(
  '{AMP_SETTINGS_FILE}',
  `${XDG_CONFIG}/amp/settings.json`,
  `${XDG_CONFIG}/amp/settings.jsonc`,
);

const LIKE_GEMINI = {
  variables: 'gemini',
  shape: 'gemini',
  unsupported: {
    oauth: OAUTH,
    authProviderType: OAUTH,
    tcp: 'It is reached over a WebSocket (tcp), which Drawbridge does not speak.',
  },
} as const;

/** Agents of the terminal. */
export const TERMINALS: readonly ClientRow[] = [
  row({
    id: 'codex',
    name: 'Codex',
    evidence: 'tried',
    files: everywhere('{CODEX_HOME|~/.codex}/config.toml'),
    traces: everywhere('{CODEX_HOME|~/.codex}'),
    processes: processes('codex'),
    format: toml,
    strictness: 'tolerant',
    maps: [['mcp_servers']],
    dialect: {
      shape: 'codex',
      unsupported: {
        scopes: OAUTH,
        oauth: OAUTH,
        oauth_resource: OAUTH,
      },
    },
    rules: CODEX_RULES,
    projectFiles: ['.codex/config.toml'],
    picksUp: 'start',
    restart: NEXT_SESSION('Codex'),
  }),
  row({
    id: 'gemini-cli',
    name: 'Gemini CLI',
    evidence: 'tried',
    files: everywhere('{GEMINI_CLI_HOME|~}/.gemini/settings.json'),
    // Other programs keep their files in the same folder.
    traces: everywhere('{GEMINI_CLI_HOME|~}/.gemini/settings.json'),
    processes: processes('gemini'),
    strictness: 'comments',
    // 0.61.0 ends with an error (tried).
    refusesBom: true,
    dialect: LIKE_GEMINI,
    projectFiles: ['.gemini/settings.json'],
    // Its documentation of mcpServers: `timeout`, 600 000 ms unless configured.
    patience: { plainMs: 9 * 60_000 },
    picksUp: 'start',
    restart: NEXT_SESSION('Gemini CLI'),
  }),
  row({
    id: 'qwen-code',
    name: 'Qwen Code',
    evidence: 'tried',
    // Seen with 0.24.4: it writes a `$version` at its first start; comments and a byte order mark it reads, a comma too many not.
    files: everywhere('{QWEN_HOME|~/.qwen}/settings.json'),
    traces: everywhere('{QWEN_HOME|~/.qwen}'),
    processes: processes('qwen'),
    strictness: 'comments',
    dialect: LIKE_GEMINI,
    projectFiles: ['.qwen/settings.json'],
    picksUp: 'start',
    restart: NEXT_SESSION('Qwen Code'),
  }),
  row({
    id: 'opencode',
    name: 'opencode',
    evidence: 'tried',
    // It merges all that exist.
    files: everywhere(
      `${XDG_CONFIG}/opencode/opencode.json`,
      `${XDG_CONFIG}/opencode/opencode.jsonc`,
      `${XDG_CONFIG}/opencode/config.json`,
      // https://opencode.ai/docs/config: a file and a folder more.
      '{OPENCODE_CONFIG}',
      '{OPENCODE_CONFIG_DIR}/opencode.json',
      '{OPENCODE_CONFIG_DIR}/opencode.jsonc',
    ),
    traces: everywhere(`${XDG_CONFIG}/opencode`),
    processes: processes('opencode'),
    strictness: 'tolerant',
    maps: [['mcp']],
    dialect: { variables: 'opencode', shape: 'opencode', unsupported: { oauth: OAUTH } },
    projectFiles: ['opencode.json', 'opencode.jsonc'],
    // Starts its minute again with each progress (`resetTimeoutOnProgress`), in versions that ask for progress.
    patience: { withProgressMs: 30 * 60_000 },
    picksUp: 'start',
    restart: 'Start opencode again; it reads its file when it starts.',
  }),
  row({
    id: 'kilo',
    name: 'Kilo',
    evidence: 'tried',
    // As opencode, from which it comes; that one's file names count in its own folder, too.
    files: everywhere(
      `${XDG_CONFIG}/kilo/kilo.json`,
      `${XDG_CONFIG}/kilo/kilo.jsonc`,
      `${XDG_CONFIG}/kilo/config.json`,
      `${XDG_CONFIG}/kilo/opencode.json`,
      `${XDG_CONFIG}/kilo/opencode.jsonc`,
      '{KILO_CONFIG}',
      '{KILO_CONFIG_DIR}/kilo.json',
      '{KILO_CONFIG_DIR}/kilo.jsonc',
    ),
    traces: everywhere(`${XDG_CONFIG}/kilo`),
    processes: processes('kilo'),
    strictness: 'tolerant',
    maps: [['mcp']],
    dialect: { variables: 'opencode', shape: 'opencode', unsupported: { oauth: OAUTH } },
    projectFiles: ['kilo.json', 'kilo.jsonc', '.kilo/kilo.json', '.kilo/kilo.jsonc'],
    picksUp: 'start',
    restart: 'Start Kilo again; it reads its file when it starts.',
  }),
  row({
    id: 'goose',
    name: 'Goose',
    evidence: 'source',
    pick: 'first',
    files: {
      darwin: [`{GOOSE_PATH_ROOT}/config/config.yaml`, '~/.config/goose/config.yaml'],
      win32: [`{GOOSE_PATH_ROOT}/config/config.yaml`, `${APPDATA}/Block/goose/config/config.yaml`],
      linux: [`{GOOSE_PATH_ROOT}/config/config.yaml`, `${XDG_CONFIG}/goose/config.yaml`],
    },
    traces: {
      darwin: ['~/.config/goose', '/Applications/Goose.app'],
      win32: [`${APPDATA}/Block/goose`],
      linux: [`${XDG_CONFIG}/goose`],
    },
    processes: { darwin: ['goose', 'Goose'], win32: ['goose.exe'], linux: ['goose'] },
    format: yaml,
    strictness: 'tolerant',
    maps: [['extensions']],
    onlyTypes: ['stdio', 'sse', 'streamable_http'],
    dialect: {
      shape: 'goose',
      first: ['name'],
      unsupported: {
        env_keys: 'It takes values from the key store of Goose (env_keys), which Drawbridge does not read.',
        socket: 'It is reached through a socket of its own, which stays with the client.',
      },
    },
    picksUp: 'start',
    restart: 'Start a new Goose session, or start the app again.',
  }),
  row({
    id: 'droid',
    name: 'droid',
    evidence: 'tried',
    files: everywhere('~/.factory/mcp.json'),
    traces: everywhere('~/.factory'),
    processes: processes('droid'),
    // It takes comments; for a comma too many or a byte order mark it passes over the whole file without a word (0.215.0).
    strictness: 'comments',
    refusesBom: true,
    dialect: { variables: 'env-braces', mark: { type: 'http' }, unsupported: { oauth: OAUTH } },
    projectFiles: ['.factory/mcp.json'],
    picksUp: 'live',
    restart: 'droid reads its file by itself.',
  }),
  row({
    id: 'amp',
    name: 'Amp',
    evidence: 'tried',
    files: AMP_FILES,
    traces: everywhere(`${XDG_CONFIG}/amp`),
    processes: processes('amp'),
    strictness: 'tolerant',
    // One key with a dot in it, not one map in another.
    maps: [['amp.mcpServers']],
    dialect: { variables: 'env-braces', unsupported: { oauth: OAUTH } },
    rules: ampRules(AMP_FILES),
    projectFiles: ['.amp/settings.json', '.amp/settings.jsonc'],
    picksUp: 'start',
    restart: 'Start a new Amp session.',
  }),
  row({
    id: 'kimi-code',
    name: 'Kimi Code',
    evidence: 'tried',
    files: everywhere('{KIMI_CODE_HOME|~/.kimi-code}/mcp.json'),
    traces: everywhere('{KIMI_CODE_HOME|~/.kimi-code}'),
    processes: processes('kimi'),
    dialect: { mark: { transport: 'http' } },
    picksUp: 'start',
    restart: 'Say /reload in Kimi Code, or start a new session.',
  }),
];
