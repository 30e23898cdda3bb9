import {
  APPDATA,
  APPLICATION_SUPPORT,
  everywhere,
  inAppData,
  join,
  macApplication,
  NOWHERE,
  OAUTH,
  row,
  XDG_CONFIG,
} from './row.ts';
import type { ClientRow } from './types.ts';

/** Programs to chat in. */
export const APPS: readonly ClientRow[] = [
  row({
    id: 'lm-studio',
    name: 'LM Studio',
    evidence: 'source',
    // It says the first and, in some versions, uses the second.
    files: everywhere('~/.lmstudio/mcp.json', '~/.cache/lm-studio/mcp.json'),
    traces: join(everywhere('~/.lmstudio', '~/.cache/lm-studio'), macApplication('LM Studio')),
    processes: { darwin: ['LM Studio'], win32: ['LM Studio.exe'], linux: ['lm-studio'] },
    picksUp: 'live',
    restart: 'LM Studio notices the change; if not, save mcp.json once in its own editor (Program, Install).',
  }),
  row({
    id: 'jan',
    name: 'Jan',
    evidence: 'source',
    files: {
      darwin: [`${APPLICATION_SUPPORT}/Jan/data/mcp_config.json`],
      win32: [`${APPDATA}/Jan/data/mcp_config.json`],
      // The data folder, and the one of older versions.
      linux: [
        '{XDG_DATA_HOME|~/.local/share}/Jan/data/mcp_config.json',
        `${XDG_CONFIG}/Jan/data/mcp_config.json`,
      ],
    },
    traces: {
      darwin: [`${APPLICATION_SUPPORT}/Jan`, '/Applications/Jan.app'],
      win32: [`${APPDATA}/Jan`],
      linux: ['{XDG_DATA_HOME|~/.local/share}/Jan', `${XDG_CONFIG}/Jan`],
    },
    processes: { darwin: ['Jan'], win32: ['Jan.exe'], linux: ['Jan', 'jan'] },
    dialect: { shape: 'jan', remoteNeedsType: true, mark: { type: 'http' }, unsupported: { oauth: OAUTH } },
    picksUp: 'start',
    restart: 'Switch the server off and on in the settings of Jan (MCP Servers), or start Jan again.',
  }),
  row({
    id: 'witsy',
    name: 'Witsy',
    evidence: 'source',
    files: inAppData('Witsy/settings.json'),
    traces: join(inAppData('Witsy'), macApplication('Witsy')),
    processes: { darwin: ['Witsy'], win32: ['Witsy.exe'], linux: ['witsy'] },
    // Its map holds programs only; addresses are in a separate list.
    lists: [['mcp', 'servers']],
    dialect: { remote: false, ours: 'bridge', splitsArguments: true },
    picksUp: 'live',
    restart: 'Witsy notices the change and connects again.',
  }),
  row({
    id: 'abacus',
    name: 'Abacus AI',
    evidence: 'source',
    // https://abacus.ai/help/abacusai-desktop/mcp-configuration: desktop app, extension and command line share it.
    files: everywhere('~/.abacusai/mcp.json'),
    traces: join(everywhere('~/.abacusai'), macApplication('AbacusAI')),
    processes: { darwin: ['AbacusAI'], win32: ['AbacusAI.exe'], linux: ['abacusai'] },
    projectFiles: ['.abacusai/mcp.json'],
    picksUp: 'start',
    restart: 'Start Abacus AI again.',
  }),
  row({
    id: 'boltai',
    name: 'BoltAI',
    evidence: 'tools',
    // https://github.com/smithery-ai/cli, src/config/clients.ts: commands only.
    files: { ...NOWHERE, darwin: ['~/.boltai/mcp.json'] },
    traces: { ...NOWHERE, darwin: ['~/.boltai', '/Applications/BoltAI.app', '/Applications/BoltAI 2.app'] },
    processes: { darwin: ['BoltAI', 'BoltAI 2'], win32: [], linux: [] },
    dialect: { remote: false, ours: 'bridge' },
    picksUp: 'start',
    restart: 'Start BoltAI again.',
  }),
  row({
    id: 'enconvo',
    name: 'Enconvo',
    evidence: 'tools',
    // As for BoltAI.
    files: { ...NOWHERE, darwin: ['~/.config/enconvo/mcp_config.json'] },
    traces: { ...NOWHERE, darwin: ['~/.config/enconvo', '/Applications/Enconvo.app'] },
    processes: { darwin: ['Enconvo', 'EnConvo'], win32: [], linux: [] },
    dialect: { remote: false, ours: 'bridge' },
    picksUp: 'start',
    restart: 'Start Enconvo again.',
  }),
  row({
    id: 'anythingllm',
    name: 'AnythingLLM',
    evidence: 'tools',
    files: inAppData('anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json'),
    traces: join(inAppData('anythingllm-desktop'), macApplication('AnythingLLM')),
    processes: { darwin: ['AnythingLLM'], win32: ['AnythingLLM.exe'], linux: ['anythingllm-desktop'] },
    dialect: { untyped: 'sse', mark: { type: 'streamable' } },
    picksUp: 'start',
    restart: 'Press Refresh on the page Agent Skills, MCP Servers, or start AnythingLLM again.',
  }),
];
