import { rowText } from '../../../../shared/text/core/clients.ts';
import {
  APPDATA,
  APPLICATION_SUPPORT,
  everywhere,
  inAppData,
  join,
  LOCALAPPDATA,
  macApplication,
  NOWHERE,
  processes,
  row,
  XDG_CONFIG,
} from './row.ts';
import type { ByHand, ClientRow } from './types.ts';

function byHand(
  given: Pick<ClientRow, 'id' | 'name' | 'evidence' | 'traces' | 'processes' | 'picksUp' | 'restart'>,
  steps: ByHand['steps'],
  note: string | null,
): ClientRow {
  return row({
    ...given,
    files: NOWHERE,
    maps: [],
    byHand: { steps: [rowText.printToken, ...steps, rowText.takeAwayDirect], note },
  });
}

/** Clients that keep their servers where only they can write: a person follows the steps. */
export const BY_HAND: readonly ClientRow[] = [
  byHand(
    {
      id: 'crush',
      name: 'Crush',
      evidence: 'source',
      traces: {
        darwin: [`${XDG_CONFIG}/crush`, '~/.local/share/crush'],
        win32: [`${LOCALAPPDATA}/crush`],
        linux: [`${XDG_CONFIG}/crush`, '{XDG_DATA_HOME|~/.local/share}/crush'],
      },
      processes: { darwin: ['crush'], win32: ['crush.exe'], linux: ['crush'] },
      picksUp: 'start',
      restart: 'Start a new Crush session.',
    },
    [
      'Open the configuration of Crush: crush.json in ~/.config/crush (Windows: %LOCALAPPDATA%\\crush), or the script that makes it.',
      'Add below "mcp": "drawbridge": { "type": "http", "url": "{url}", "headers": { "Authorization": "Bearer TOKEN" } }',
      'Put the token that was printed in the place of TOKEN, and save.',
    ],
    'Its configuration can be a script that other programs must not run or rewrite. For one server alone use {server-url}.',
  ),
  byHand(
    {
      id: 'mistral-vibe',
      name: 'Mistral Vibe',
      evidence: 'source',
      traces: everywhere('{VIBE_HOME|~/.vibe}'),
      processes: processes('vibe'),
      picksUp: 'start',
      restart: 'Start a new session of Mistral Vibe.',
    },
    [
      'Open the configuration of Mistral Vibe: ~/.vibe/config.toml.',
      'Add a table [[mcp_servers]] with: name = "drawbridge", transport = "streamable-http", url = "{url}", headers = { "Authorization" = "Bearer TOKEN" }',
      'Put the token that was printed in the place of TOKEN, and save.',
    ],
    // https://docs.mistral.ai/vibe/code/cli/mcp-servers
    'Its servers are tables in a list. For one server alone use {server-url}.',
  ),
  byHand(
    {
      id: 'jetbrains-ai',
      name: 'JetBrains AI',
      evidence: 'source',
      traces: {
        darwin: [`${APPLICATION_SUPPORT}/JetBrains`],
        win32: [`${APPDATA}/JetBrains`],
        linux: [`${XDG_CONFIG}/JetBrains`],
      },
      // Every IDE has a name of its own, and runs whether its assistant is used or not.
      processes: { darwin: [], win32: [], linux: [] },
      picksUp: 'live',
      restart: 'Press Apply in its settings; the IDE connects by itself.',
    },
    [
      'In the IDE, open Settings, Tools, AI Assistant, Model Context Protocol (MCP), and press Add.',
      'Choose "As JSON", and enter: { "mcpServers": { "drawbridge": { "url": "{url}", "headers": { "Authorization": "Bearer TOKEN" } } } }',
      'Put the token that was printed in the place of TOKEN, press OK, then Apply.',
    ],
    'Each IDE has a list of its own. For one server alone use {server-url}. Junie has a file, and is in this list by itself.',
  ),
  byHand(
    {
      id: 'raycast',
      name: 'Raycast',
      evidence: 'source',
      traces: {
        darwin: [`${APPLICATION_SUPPORT}/com.raycast.macos`, '/Applications/Raycast.app'],
        win32: [`${LOCALAPPDATA}/Raycast`, `${LOCALAPPDATA}/Packages/Raycast.Raycast_*`],
        linux: [],
      },
      processes: { darwin: ['Raycast'], win32: ['Raycast.exe'], linux: [] },
      picksUp: 'live',
      restart: 'Raycast connects when the server is saved.',
    },
    [
      'In Raycast, run the command "Install MCP Server".',
      'Choose HTTP as the transport and enter the URL {url}',
      'Add the header Authorization with the value Bearer TOKEN, the printed token in the place of TOKEN, and save.',
    ],
    'For one server alone use {server-url}.',
  ),
  byHand(
    {
      id: 'cherry-studio',
      name: 'Cherry Studio',
      evidence: 'source',
      traces: join(inAppData('CherryStudio'), macApplication('Cherry Studio')),
      processes: { darwin: ['Cherry Studio'], win32: ['Cherry Studio.exe'], linux: ['cherrystudio'] },
      picksUp: 'live',
      restart: 'Switch the server on in its list.',
    },
    [
      'In Cherry Studio, open Settings, MCP Servers, and press Add.',
      'Choose the type Streamable HTTP (streamableHttp) and enter the URL {url}',
      'Enter as header: Authorization=Bearer TOKEN, the printed token in the place of TOKEN. Save, and switch the server on.',
    ],
    'It keeps its servers in a database of its own. For one server alone use {server-url}.',
  ),
];
