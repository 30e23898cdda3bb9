import { CLAUDE_RULES } from './organisation.ts';
import {
  APPDATA,
  APPLICATION_SUPPORT,
  everywhere,
  LOCALAPPDATA,
  NEXT_SESSION,
  OAUTH,
  row,
  XDG_CONFIG,
} from './row.ts';

const STORE_PACKAGE = `${LOCALAPPDATA}/Packages/Claude_*/LocalCache/Roaming/Claude`;

/** The clients of Anthropic. */
export const ANTHROPIC = [
  row({
    id: 'claude-desktop',
    name: 'Claude Desktop',
    evidence: 'source',
    // Claude-3p is where it keeps its settings when it runs on another provider's models.
    files: {
      darwin: [
        `${APPLICATION_SUPPORT}/Claude/claude_desktop_config.json`,
        `${APPLICATION_SUPPORT}/Claude-3p/claude_desktop_config.json`,
      ],
      win32: [
        `${APPDATA}/Claude/claude_desktop_config.json`,
        `${STORE_PACKAGE}/claude_desktop_config.json`,
        `${LOCALAPPDATA}/Claude-3p/claude_desktop_config.json`,
      ],
      linux: [
        `${XDG_CONFIG}/Claude/claude_desktop_config.json`,
        `${XDG_CONFIG}/Claude-3p/claude_desktop_config.json`,
      ],
    },
    traces: {
      darwin: [`${APPLICATION_SUPPORT}/Claude`, '/Applications/Claude.app'],
      win32: [`${APPDATA}/Claude`, `${LOCALAPPDATA}/Packages/Claude_*`],
      linux: [`${XDG_CONFIG}/Claude`],
    },
    // Claude Code is called claude, too: on Windows the two cannot be told apart by the name alone.
    processes: { darwin: ['Claude'], win32: [], linux: ['claude-desktop'] },
    dialect: { remote: false, ours: 'bridge' },
    dropsServers: true,
    extensions: {
      darwin: [`${APPLICATION_SUPPORT}/Claude/Claude Extensions`],
      win32: [`${APPDATA}/Claude/Claude Extensions`, `${STORE_PACKAGE}/Claude Extensions`],
      linux: [`${XDG_CONFIG}/Claude/Claude Extensions`],
    },
    picksUp: 'start',
    restart: 'Quit Claude Desktop fully (from its tray or menu bar icon), then start it again.',
  }),
  row({
    id: 'claude-code',
    name: 'Claude Code',
    evidence: 'tried',
    pick: 'first',
    files: everywhere('{CLAUDE_CONFIG_DIR|~/.claude}/.config.json', '{CLAUDE_CONFIG_DIR|~}/.claude.json'),
    traces: everywhere('{CLAUDE_CONFIG_DIR|~/.claude}'),
    processes: { darwin: ['claude'], win32: [], linux: ['claude'] },
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
    managed: {
      darwin: ['/Library/Application Support/ClaudeCode/managed-mcp.json'],
      win32: ['C:/Program Files/ClaudeCode/managed-mcp.json', 'C:/ProgramData/ClaudeCode/managed-mcp.json'],
      linux: ['/etc/claude-code/managed-mcp.json'],
    },
    rules: CLAUDE_RULES,
    projectFiles: ['.mcp.json'],
    // https://code.claude.com/docs/en/mcp: scopes, and the approval of shared servers.
    localScope: {
      approved: 'enabledMcpjsonServers',
      denied: 'disabledMcpjsonServers',
      all: 'enableAllProjectMcpServers',
      settings: everywhere('{CLAUDE_CONFIG_DIR|~/.claude}/settings.json'),
      projectSettings: ['.claude/settings.local.json'],
    },
    // Waits for hours (MCP_TOOL_TIMEOUT), but gives a connection up on which nothing comes for 300 s.
    patience: { withProgressMs: 30 * 60_000 },
    picksUp: 'start',
    restart: NEXT_SESSION('Claude Code'),
  }),
];
