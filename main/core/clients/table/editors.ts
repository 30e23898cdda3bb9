import { vscodeRules } from './organisation.ts';
import {
  APPDATA,
  APPLICATION_SUPPORT,
  everywhere,
  inAppData,
  join,
  LOCALAPPDATA,
  macApplication,
  NOWHERE,
  OAUTH,
  row,
  XDG_CONFIG,
} from './row.ts';
import type { ClientRow } from './types.ts';

const SANDBOX = 'The client starts it in a sandbox of its own, which a shared gateway cannot.';

/** VS Code and its preview differ in the folder only. */
function vscode(id: string, name: string, folder: string, program: string): ClientRow {
  return row({
    id,
    name,
    evidence: 'tried',
    // A profile has a file of its own.
    files: inAppData(`${folder}/User/mcp.json`, `${folder}/User/profiles/*/mcp.json`),
    traces: join(inAppData(`${folder}/User`), macApplication(`Visual Studio ${folder}`)),
    // On a Mac every Electron program of that age is called Electron.
    processes: { darwin: [], win32: [`${folder}.exe`], linux: [program] },
    strictness: 'tolerant',
    maps: [['servers']],
    // Until 1.102 it kept them among its settings, and moves them when it starts.
    formerly: {
      files: inAppData(`${folder}/User/settings.json`),
      maps: [['mcp', 'servers'], ['mcp.servers']],
    },
    dialect: {
      variables: 'editor',
      mark: { type: 'http' },
      unsupported: { sandboxEnabled: SANDBOX, oauth: OAUTH },
      envFile: 'envFile',
    },
    rules: vscodeRules(inAppData(`${folder}/User/settings.json`)),
    projectFiles: ['.vscode/mcp.json', '.mcp.json'],
    picksUp: 'live',
    restart: `${name} reads its file by itself; it asks once whether you trust a server that changed.`,
  });
}

/** Editors with an agent of their own. */
export const EDITORS: readonly ClientRow[] = [
  row({
    id: 'cursor',
    name: 'Cursor',
    evidence: 'tools',
    files: everywhere('~/.cursor/mcp.json'),
    traces: join(everywhere('~/.cursor'), macApplication('Cursor')),
    processes: { darwin: ['Cursor'], win32: ['Cursor.exe'], linux: ['cursor'] },
    strictness: 'tolerant',
    dialect: { variables: 'editor', unsupported: { auth: OAUTH }, envFile: 'envFile' },
    projectFiles: ['.cursor/mcp.json'],
    // About five minutes, whatever comes.
    patience: { plainMs: 270_000 },
    picksUp: 'live',
    restart: 'Cursor reads its file by itself; if a server stays off, switch it on in Settings, MCP.',
  }),
  vscode('vscode', 'VS Code', 'Code', 'code'),
  vscode('vscode-insiders', 'VS Code Insiders', 'Code - Insiders', 'code-insiders'),
  // The same program under another name: https://github.com/VSCodium/vscodium/blob/master/docs/index.md
  { ...vscode('vscodium', 'VSCodium', 'VSCodium', 'codium'), evidence: 'source' },
  row({
    id: 'windsurf',
    name: 'Windsurf',
    evidence: 'source',
    files: everywhere('~/.codeium/windsurf/mcp_config.json', '~/.codeium/mcp_config.json'),
    traces: join(everywhere('~/.codeium/windsurf'), macApplication('Windsurf')),
    processes: { darwin: ['Windsurf'], win32: ['Windsurf.exe'], linux: ['windsurf'] },
    dialect: { variables: 'windsurf', shape: 'server-url' },
    picksUp: 'start',
    restart: 'In Windsurf, press Refresh in the list of MCP servers (Cascade panel), or start it again.',
  }),
  row({
    id: 'devin',
    name: 'Devin Desktop',
    evidence: 'source',
    // Windsurf under its name since June 2026, with a place of its own: https://docs.devin.ai
    files: {
      darwin: ['~/.config/devin/mcp_config.json'],
      win32: [`${APPDATA}/devin/mcp_config.json`],
      linux: [`${XDG_CONFIG}/devin/mcp_config.json`],
    },
    traces: {
      darwin: ['~/.config/devin/mcp_config.json', '/Applications/Devin.app'],
      win32: [`${APPDATA}/devin/mcp_config.json`],
      linux: [`${XDG_CONFIG}/devin/mcp_config.json`],
    },
    processes: { darwin: ['Devin'], win32: ['Devin.exe'], linux: ['devin-desktop'] },
    // Sources differ on `url` or `serverUrl`: both are read, and an entry keeps the one it has.
    dialect: { variables: 'windsurf', shape: 'server-url-or-url' },
    projectFiles: ['.devin/mcp_config.json'],
    picksUp: 'start',
    restart: 'In Devin Desktop, press Refresh in the list of MCP servers, or start it again.',
  }),
  row({
    id: 'zed',
    name: 'Zed',
    evidence: 'source',
    // On a Mac, too: Application Support holds other things of it.
    files: {
      darwin: ['~/.config/zed/settings.json'],
      win32: [`${APPDATA}/Zed/settings.json`],
      linux: [`${XDG_CONFIG}/zed/settings.json`],
    },
    traces: {
      darwin: ['~/.config/zed', '/Applications/Zed.app'],
      win32: [`${APPDATA}/Zed`, `${LOCALAPPDATA}/Zed`],
      linux: [`${XDG_CONFIG}/zed`],
    },
    processes: { darwin: ['zed'], win32: ['Zed.exe'], linux: ['zed-editor', 'zed'] },
    strictness: 'tolerant',
    maps: [['context_servers']],
    dialect: { shape: 'zed', unsupported: { oauth: OAUTH } },
    projectFiles: ['.zed/settings.json'],
    picksUp: 'live',
    restart: 'Zed reads its settings by itself.',
  }),
  row({
    id: 'kiro',
    name: 'Kiro',
    evidence: 'source',
    files: everywhere('~/.kiro/settings/mcp.json'),
    traces: join(everywhere('~/.kiro'), macApplication('Kiro')),
    processes: {
      darwin: ['Kiro', 'kiro-cli'],
      win32: ['Kiro.exe', 'kiro-cli.exe'],
      linux: ['kiro', 'kiro-cli'],
    },
    dialect: { variables: 'env-braces', unsupported: { oauth: OAUTH } },
    projectFiles: ['.kiro/settings/mcp.json'],
    picksUp: 'live',
    restart: 'Kiro connects again when its file is saved; a session of Kiro CLI when it starts.',
  }),
  row({
    id: 'antigravity',
    name: 'Antigravity',
    evidence: 'tools',
    files: everywhere(
      '~/.gemini/config/mcp_config.json',
      '~/.gemini/antigravity/mcp_config.json',
      '~/.gemini/antigravity-cli/mcp_config.json',
    ),
    traces: join(
      everywhere('~/.gemini/antigravity', '~/.gemini/antigravity-cli', '~/.antigravity'),
      macApplication('Antigravity'),
    ),
    processes: { darwin: ['Antigravity'], win32: ['Antigravity.exe'], linux: ['antigravity'] },
    dialect: { shape: 'server-url', unsupported: { oauth: OAUTH, authProviderType: OAUTH } },
    picksUp: 'start',
    restart: 'In Antigravity, press Refresh in Manage MCP Servers, or start it again.',
  }),
  row({
    id: 'trae',
    name: 'Trae',
    evidence: 'tools',
    files: inAppData('Trae/User/mcp.json'),
    traces: join(inAppData('Trae'), macApplication('Trae')),
    processes: { darwin: ['Trae'], win32: ['Trae.exe'], linux: ['trae'] },
    projectFiles: ['.trae/mcp.json'],
    picksUp: 'start',
    restart: 'Start Trae again, or switch the server off and on in its settings (MCP).',
  }),
  row({
    id: 'visual-studio',
    name: 'Visual Studio',
    evidence: 'source',
    files: { ...NOWHERE, win32: ['~/.mcp.json'] },
    traces: {
      ...NOWHERE,
      win32: [`${LOCALAPPDATA}/Microsoft/VisualStudio/17.*`, `${LOCALAPPDATA}/Microsoft/VisualStudio/18.*`],
    },
    processes: { darwin: [], win32: ['devenv.exe'], linux: [] },
    strictness: 'tolerant',
    maps: [['servers']],
    dialect: { variables: 'editor', mark: { type: 'http' }, unsupported: { oauth: OAUTH } },
    projectFiles: ['.mcp.json', '.vs/mcp.json'],
    picksUp: 'live',
    restart: 'Visual Studio reads its file when it is saved.',
  }),
  row({
    id: 'junie',
    name: 'Junie',
    evidence: 'tools',
    files: everywhere('~/.junie/mcp/mcp.json'),
    traces: everywhere('~/.junie'),
    processes: { darwin: ['junie'], win32: ['junie.exe'], linux: ['junie'] },
    projectFiles: ['.junie/mcp/mcp.json'],
    picksUp: 'start',
    restart:
      'Start a new Junie task; in the IDE, switch the server off and on in Settings, Tools, Junie, MCP.',
  }),
  row({
    id: 'warp',
    name: 'Warp',
    evidence: 'source',
    files: everywhere('~/.warp/.mcp.json'),
    alsoReads: everywhere('{CLAUDE_CONFIG_DIR|~}/.claude.json', '{CODEX_HOME|~/.codex}/config.toml'),
    traces: {
      darwin: ['~/.warp', `${APPLICATION_SUPPORT}/dev.warp.Warp-Stable`],
      win32: ['~/.warp', `${LOCALAPPDATA}/warp`],
      linux: ['~/.warp', `${XDG_CONFIG}/warp-terminal`],
    },
    processes: { darwin: ['stable'], win32: ['warp.exe'], linux: ['warp-terminal', 'warp'] },
    dialect: { variables: 'env-braces' },
    projectFiles: ['.warp/.mcp.json'],
    picksUp: 'live',
    restart: 'Warp notices the change; a server that was off is started in Settings, Agents, MCP servers.',
  }),
];
