import { toml } from '../formats/toml.ts';
import { yaml } from '../formats/yaml.ts';
import { APPDATA, everywhere, NEXT_SESSION, OAUTH, processes, row, XDG_CONFIG } from './row.ts';
import type { ClientRow } from './types.ts';

/** Younger agents of the terminal, and tools that call servers from there. */
export const MORE_TERMINALS: readonly ClientRow[] = [
  row({
    id: 'devin-cli',
    name: 'Devin CLI',
    evidence: 'source',
    // https://docs.devin.ai/cli/reference/configuration/config-file
    files: {
      darwin: ['~/.config/devin/config.json'],
      win32: [`${APPDATA}/devin/config.json`],
      linux: [`${XDG_CONFIG}/devin/config.json`],
    },
    traces: {
      darwin: ['~/.config/devin/config.json'],
      win32: [`${APPDATA}/devin/config.json`],
      linux: [`${XDG_CONFIG}/devin/config.json`],
    },
    processes: processes('devin'),
    strictness: 'comments',
    dialect: { shape: 'server-url-or-url', variables: 'windsurf' },
    projectFiles: ['.devin/config.json', '.devin/config.local.json'],
    picksUp: 'start',
    restart: NEXT_SESSION('Devin CLI'),
  }),
  row({
    id: 'rovo-dev',
    name: 'Rovo Dev CLI',
    evidence: 'source',
    // https://support.atlassian.com/rovo/docs/connect-to-an-mcp-server-in-rovo-dev-cli; others write below `servers`.
    files: everywhere('~/.rovodev/mcp.json'),
    traces: everywhere('~/.rovodev'),
    processes: processes('acli'),
    maps: [['mcpServers'], ['servers']],
    dialect: { mark: { transport: 'http' }, unsupported: { oauth: OAUTH } },
    picksUp: 'start',
    restart: NEXT_SESSION('Rovo Dev CLI'),
  }),
  row({
    id: 'grok-build',
    name: 'Grok Build',
    evidence: 'source',
    // https://docs.x.ai/build/features/mcp-servers
    files: everywhere('~/.grok/config.toml'),
    traces: everywhere('~/.grok/config.toml'),
    processes: processes('grok'),
    format: toml,
    strictness: 'tolerant',
    maps: [['mcp_servers']],
    dialect: { variables: 'env-braces', unsupported: { oauth: OAUTH } },
    projectFiles: ['.grok/config.toml'],
    // The same page: `tool_timeout_sec`, 6000 unless configured.
    patience: { plainMs: 90 * 60_000 },
    picksUp: 'start',
    restart: NEXT_SESSION('Grok Build'),
  }),
  row({
    id: 'hermes',
    name: 'Hermes',
    evidence: 'source',
    // https://hermes-agent.nousresearch.com/docs/user-guide/features/mcp
    files: everywhere('{HERMES_HOME|~/.hermes}/config.yaml'),
    traces: everywhere('{HERMES_HOME|~/.hermes}'),
    processes: processes('hermes'),
    format: yaml,
    strictness: 'tolerant',
    maps: [['mcp_servers']],
    dialect: { variables: 'env-braces', unsupported: { auth: OAUTH, oauth: OAUTH } },
    picksUp: 'start',
    restart: 'Say /reload-mcp in Hermes, or start a new session.',
  }),
  row({
    id: 'mcporter',
    name: 'MCPorter',
    evidence: 'tools',
    // https://github.com/neon-solutions/add-mcp writes these.
    files: everywhere('{MCPORTER_CONFIG}', '~/.mcporter/mcporter.json', '~/.mcporter/mcporter.jsonc'),
    traces: everywhere('~/.mcporter'),
    processes: processes('mcporter'),
    strictness: 'tolerant',
    dialect: {
      shape: 'base-url',
      variables: 'env-braces',
      unsupported: {
        auth: OAUTH,
        bearerTokenEnv: 'It takes its token from a variable that only the client reads.',
      },
    },
    projectFiles: ['config/mcporter.json'],
    picksUp: 'start',
    restart: 'MCPorter reads its file at every call.',
  }),
];
