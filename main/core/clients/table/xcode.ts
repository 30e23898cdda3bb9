import { toml } from '../formats/toml.ts';
import { CLAUDE_RULES, CODEX_RULES } from './organisation.ts';
import { NOWHERE, OAUTH, row } from './row.ts';
import type { ClientRow } from './types.ts';

/** Apple's documentation, "Setting up coding intelligence": each agent has a folder of its own for settings below this. */
const FOLDER = '~/Library/Developer/Xcode/CodingAssistant';
const INSIDE = { darwin: [], win32: [], linux: [] };
const RESTART = 'Start a new conversation in the coding assistant of Xcode.';

/** Agents that Xcode brings along. They do not read the files of their programs in the terminal. */
export const XCODE: readonly ClientRow[] = [
  row({
    id: 'claude-xcode',
    name: 'Claude in Xcode',
    evidence: 'source',
    files: { ...NOWHERE, darwin: [`${FOLDER}/ClaudeAgentConfig/.claude.json`] },
    traces: { ...NOWHERE, darwin: [`${FOLDER}/ClaudeAgentConfig`] },
    processes: INSIDE,
    maps: [['mcpServers'], ['projects', '*', 'mcpServers']],
    dialect: {
      remoteNeedsType: true,
      variables: 'env-braces',
      mark: { type: 'http' },
      unsupported: {
        headersHelper: 'Its headers come from a command (headersHelper), which only the client runs.',
        oauth: OAUTH,
      },
    },
    lock: 'empty-folder',
    rules: CLAUDE_RULES,
    picksUp: 'start',
    restart: RESTART,
  }),
  row({
    id: 'codex-xcode',
    name: 'Codex in Xcode',
    evidence: 'source',
    files: { ...NOWHERE, darwin: [`${FOLDER}/codex/config.toml`] },
    traces: { ...NOWHERE, darwin: [`${FOLDER}/codex`] },
    processes: INSIDE,
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
    rules: CODEX_RULES,
    picksUp: 'start',
    restart: RESTART,
  }),
];
