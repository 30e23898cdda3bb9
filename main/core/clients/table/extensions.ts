import { yamlList } from '../formats/yaml.ts';
import { everywhere, inAppData, join, OAUTH, processes, row } from './row.ts';
import type { ClientRow, PerSystem } from './types.ts';

/** Editors that keep what their extensions store below `User/globalStorage`. */
const EDITORS = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];

function globalStorage(path: string): PerSystem {
  return inAppData(...EDITORS.map((editor) => `${editor}/User/globalStorage/${path}`));
}

const NO_PROCESS = { darwin: [], win32: [], linux: [] };

/** Agents that live in other people's editors. */
export const EXTENSIONS: readonly ClientRow[] = [
  row({
    id: 'cline',
    name: 'Cline',
    refusesBom: true,
    evidence: 'tried',
    files: join(
      everywhere(
        '{CLINE_MCP_SETTINGS_PATH}',
        '{CLINE_DATA_DIR}/settings/cline_mcp_settings.json',
        '{CLINE_DIR|~/.cline}/data/settings/cline_mcp_settings.json',
      ),
      globalStorage('saoudrizwan.claude-dev/settings/cline_mcp_settings.json'),
    ),
    traces: join(everywhere('{CLINE_DIR|~/.cline}'), globalStorage('saoudrizwan.claude-dev')),
    processes: processes('cline'),
    dialect: {
      shape: 'cline',
      mark: { type: 'streamableHttp' },
      unsupported: { oauth: OAUTH, oauthClient: OAUTH },
    },
    lock: 'owner-folder',
    picksUp: 'live',
    restart: 'Cline reads its file by itself; its command line when it starts.',
  }),
  row({
    id: 'roo-code',
    name: 'Roo Code',
    evidence: 'source',
    files: globalStorage('rooveterinaryinc.roo-cline/settings/mcp_settings.json'),
    traces: globalStorage('rooveterinaryinc.roo-cline'),
    processes: NO_PROCESS,
    dialect: { variables: 'editor', remoteNeedsType: true, mark: { type: 'streamable-http' } },
    projectFiles: ['.roo/mcp.json'],
    picksUp: 'live',
    restart: 'Roo Code reads its file by itself.',
  }),
  row({
    id: 'kilo-code',
    name: 'Kilo Code',
    evidence: 'tools',
    // The extension before it became Kilo; a branch of Roo Code: https://github.com/upstash/context7 (all clients).
    files: globalStorage('kilocode.kilo-code/settings/mcp_settings.json'),
    traces: globalStorage('kilocode.kilo-code'),
    processes: NO_PROCESS,
    dialect: { variables: 'editor', remoteNeedsType: true, mark: { type: 'streamable-http' } },
    projectFiles: ['.kilocode/mcp.json'],
    picksUp: 'live',
    restart: 'Kilo Code reads its file by itself.',
  }),
  row({
    id: 'continue',
    name: 'Continue',
    evidence: 'tried',
    files: everywhere('{CONTINUE_GLOBAL_DIR|~/.continue}/config.yaml'),
    traces: everywhere('{CONTINUE_GLOBAL_DIR|~/.continue}'),
    processes: processes('cn'),
    format: yamlList,
    strictness: 'tolerant',
    dialect: {
      variables: 'continue',
      shape: 'continue',
      mark: { type: 'streamable-http' },
      first: ['name'],
      unsupported: {
        uses: 'It comes from a block of the Continue hub, which says itself how its server is started.',
        apiKey: 'It has an apiKey, which the client sends in a way of its own.',
      },
    },
    projectFiles: ['.continue/mcpServers/*.yaml', '.continue/mcpServers/*.json'],
    picksUp: 'start',
    restart: 'Continue reads its file when it is saved in the editor; its command line (cn) when it starts.',
  }),
  row({
    id: 'augment',
    name: 'Augment',
    evidence: 'tried',
    files: everywhere('~/.augment/settings.json'),
    traces: everywhere('~/.augment'),
    processes: processes('auggie'),
    dialect: { mark: { type: 'http' } },
    picksUp: 'start',
    restart: 'Start a new session of Augment (auggie).',
  }),
  row({
    id: 'amazon-q',
    name: 'Amazon Q',
    evidence: 'source',
    // The oldest place, and the agents of its newer versions, which hold servers as well.
    files: everywhere(
      '~/.aws/amazonq/mcp.json',
      '~/.aws/amazonq/default.json',
      '~/.aws/amazonq/agents/*.json',
      '~/.aws/amazonq/cli-agents/*.json',
    ),
    traces: everywhere('~/.aws/amazonq'),
    processes: { darwin: ['q', 'qchat'], win32: [], linux: ['q', 'qchat'] },
    dialect: { mark: { type: 'http' }, unsupported: { oauth: OAUTH } },
    projectFiles: ['.amazonq/mcp.json', '.amazonq/default.json'],
    picksUp: 'start',
    restart: 'Start a new chat of Amazon Q.',
  }),
];
