import { toml } from '../formats/toml.ts';
import { everywhere, NEXT_SESSION, OAUTH, processes, row, XDG_CONFIG } from './make.ts';

/** Agents of the terminal. */
export const TERMINALS = [
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
        env_vars: 'It takes variables from the environment Codex is started in (env_vars).',
        scopes: OAUTH,
        oauth: OAUTH,
        oauth_resource: OAUTH,
      },
    },
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
    dialect: {
      variables: 'gemini',
      shape: 'gemini',
      unsupported: {
        oauth: OAUTH,
        authProviderType: OAUTH,
        tcp: 'It is reached over a WebSocket (tcp), which Drawbridge does not speak.',
      },
    },
    projectFiles: ['.gemini/settings.json'],
    picksUp: 'start',
    restart: NEXT_SESSION('Gemini CLI'),
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
    ),
    traces: everywhere(`${XDG_CONFIG}/opencode`),
    processes: processes('opencode'),
    strictness: 'tolerant',
    maps: [['mcp']],
    dialect: { variables: 'opencode', shape: 'opencode', unsupported: { oauth: OAUTH } },
    projectFiles: ['opencode.json', 'opencode.jsonc'],
    picksUp: 'start',
    restart: 'Start opencode again; it reads its file when it starts.',
  }),
];
