import {
  APPDATA,
  APPLICATION_SUPPORT,
  everywhere,
  inAppData,
  join,
  macApplication,
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
