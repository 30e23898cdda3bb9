import type { System } from './golden-kit.ts';

/** Where the golden file of each client is on each system, below the root. */
export const PLACES: Readonly<Record<string, Partial<Record<System, string>>>> = {
  'claude-desktop': {
    darwin: 'Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    win32:
      'C/Users/ada/AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/claude_desktop_config.json',
    linux: 'home/ada/.config/Claude/claude_desktop_config.json',
  },
  'claude-code': {
    darwin: 'Users/ada/.claude.json',
    win32: 'C/Users/ada/.claude.json',
    linux: 'home/ada/.claude.json',
  },
  cursor: {
    darwin: 'Users/ada/.cursor/mcp.json',
    win32: 'C/Users/ada/.cursor/mcp.json',
    linux: 'home/ada/.cursor/mcp.json',
  },
  codex: {
    darwin: 'Users/ada/.codex/config.toml',
    win32: 'C/Users/ada/.codex/config.toml',
    linux: 'home/ada/.codex/config.toml',
  },
  'gemini-cli': {
    darwin: 'Users/ada/.gemini/settings.json',
    win32: 'C/Users/ada/.gemini/settings.json',
    linux: 'home/ada/.gemini/settings.json',
  },
  opencode: {
    darwin: 'Users/ada/.config/opencode/opencode.json',
    win32: 'C/Users/ada/.config/opencode/opencode.jsonc',
    linux: 'home/ada/.config/opencode/opencode.json',
  },
  vscode: {
    darwin: 'Users/ada/Library/Application Support/Code/User/profiles/-7a1f3c/mcp.json',
    win32: 'C/Users/ada/AppData/Roaming/Code/User/mcp.json',
    linux: 'home/ada/.config/Code/User/mcp.json',
  },
  'vscode-insiders': {
    darwin: 'Users/ada/Library/Application Support/Code - Insiders/User/mcp.json',
    win32: 'C/Users/ada/AppData/Roaming/Code - Insiders/User/mcp.json',
    linux: 'home/ada/.config/Code - Insiders/User/mcp.json',
  },
  windsurf: {
    darwin: 'Users/ada/.codeium/windsurf/mcp_config.json',
    win32: 'C/Users/ada/.codeium/windsurf/mcp_config.json',
    linux: 'home/ada/.codeium/mcp_config.json',
  },
  zed: {
    darwin: 'Users/ada/.config/zed/settings.json',
    win32: 'C/Users/ada/AppData/Roaming/Zed/settings.json',
    linux: 'home/ada/.config/zed/settings.json',
  },
  kiro: {
    darwin: 'Users/ada/.kiro/settings/mcp.json',
    win32: 'C/Users/ada/.kiro/settings/mcp.json',
    linux: 'home/ada/.kiro/settings/mcp.json',
  },
  antigravity: {
    darwin: 'Users/ada/.gemini/config/mcp_config.json',
    win32: 'C/Users/ada/.gemini/antigravity/mcp_config.json',
    linux: 'home/ada/.gemini/antigravity-cli/mcp_config.json',
  },
  trae: {
    darwin: 'Users/ada/Library/Application Support/Trae/User/mcp.json',
    win32: 'C/Users/ada/AppData/Roaming/Trae/User/mcp.json',
    linux: 'home/ada/.config/Trae/User/mcp.json',
  },
  'visual-studio': {
    win32: 'C/Users/ada/.mcp.json',
  },
  junie: {
    darwin: 'Users/ada/.junie/mcp/mcp.json',
    win32: 'C/Users/ada/.junie/mcp/mcp.json',
    linux: 'home/ada/.junie/mcp/mcp.json',
  },
  warp: {
    darwin: 'Users/ada/.warp/.mcp.json',
    win32: 'C/Users/ada/.warp/.mcp.json',
    linux: 'home/ada/.warp/.mcp.json',
  },
  cline: {
    darwin:
      'Users/ada/Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
    win32:
      'C/Users/ada/AppData/Roaming/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
    linux: 'home/ada/.cline/data/settings/cline_mcp_settings.json',
  },
  'roo-code': {
    darwin:
      'Users/ada/Library/Application Support/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json',
    win32:
      'C/Users/ada/AppData/Roaming/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json',
    linux: 'home/ada/.config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json',
  },
  continue: {
    darwin: 'Users/ada/.continue/config.yaml',
    win32: 'C/Users/ada/.continue/config.yaml',
    linux: 'home/ada/.continue/config.yaml',
  },
  augment: {
    darwin: 'Users/ada/.augment/settings.json',
    win32: 'C/Users/ada/.augment/settings.json',
    linux: 'home/ada/.augment/settings.json',
  },
  'amazon-q': {
    darwin: 'Users/ada/.aws/amazonq/mcp.json',
    win32: 'C/Users/ada/.aws/amazonq/mcp.json',
    linux: 'home/ada/.aws/amazonq/mcp.json',
  },
  'qwen-code': {
    darwin: 'Users/ada/.qwen/settings.json',
    win32: 'C/Users/ada/.qwen/settings.json',
    linux: 'home/ada/.qwen/settings.json',
  },
  'copilot-cli': {
    darwin: 'Users/ada/.copilot/mcp-config.json',
    win32: 'C/Users/ada/.copilot/mcp-config.json',
    linux: 'home/ada/.copilot/mcp-config.json',
  },
  kilo: {
    darwin: 'Users/ada/.config/kilo/kilo.json',
    win32: 'C/Users/ada/.config/kilo/kilo.jsonc',
    linux: 'home/ada/.config/kilo/kilo.jsonc',
  },
  goose: {
    darwin: 'Users/ada/.config/goose/config.yaml',
    win32: 'C/Users/ada/AppData/Roaming/Block/goose/config/config.yaml',
    linux: 'home/ada/.config/goose/config.yaml',
  },
  droid: {
    darwin: 'Users/ada/.factory/mcp.json',
    win32: 'C/Users/ada/.factory/mcp.json',
    linux: 'home/ada/.factory/mcp.json',
  },
  amp: {
    darwin: 'Users/ada/.config/amp/settings.json',
    win32: 'C/Users/ada/.config/amp/settings.json',
    linux: 'home/ada/.config/amp/settings.jsonc',
  },
  'kimi-code': {
    darwin: 'Users/ada/.kimi-code/mcp.json',
    win32: 'C/Users/ada/.kimi-code/mcp.json',
    linux: 'home/ada/.kimi-code/mcp.json',
  },
  'lm-studio': {
    darwin: 'Users/ada/.lmstudio/mcp.json',
    win32: 'C/Users/ada/.lmstudio/mcp.json',
    linux: 'home/ada/.cache/lm-studio/mcp.json',
  },
  jan: {
    darwin: 'Users/ada/Library/Application Support/Jan/data/mcp_config.json',
    win32: 'C/Users/ada/AppData/Roaming/Jan/data/mcp_config.json',
    linux: 'home/ada/.local/share/Jan/data/mcp_config.json',
  },
  witsy: {
    darwin: 'Users/ada/Library/Application Support/Witsy/settings.json',
    win32: 'C/Users/ada/AppData/Roaming/Witsy/settings.json',
    linux: 'home/ada/.config/Witsy/settings.json',
  },
  anythingllm: {
    darwin:
      'Users/ada/Library/Application Support/anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json',
    win32: 'C/Users/ada/AppData/Roaming/anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json',
    linux: 'home/ada/.config/anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json',
  },
  devin: {
    darwin: 'Users/ada/.config/devin/mcp_config.json',
    win32: 'C/Users/ada/AppData/Roaming/devin/mcp_config.json',
    linux: 'home/ada/.config/devin/mcp_config.json',
  },
  'devin-cli': {
    darwin: 'Users/ada/.config/devin/config.json',
    win32: 'C/Users/ada/AppData/Roaming/devin/config.json',
    linux: 'home/ada/.config/devin/config.json',
  },
  vscodium: {
    darwin: 'Users/ada/Library/Application Support/VSCodium/User/mcp.json',
    win32: 'C/Users/ada/AppData/Roaming/VSCodium/User/mcp.json',
    linux: 'home/ada/.config/VSCodium/User/mcp.json',
  },
  'kilo-code': {
    darwin:
      'Users/ada/Library/Application Support/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json',
    win32:
      'C/Users/ada/AppData/Roaming/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json',
    linux: 'home/ada/.config/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json',
  },
  'rovo-dev': {
    darwin: 'Users/ada/.rovodev/mcp.json',
    win32: 'C/Users/ada/.rovodev/mcp.json',
    linux: 'home/ada/.rovodev/mcp.json',
  },
  'grok-build': {
    darwin: 'Users/ada/.grok/config.toml',
    win32: 'C/Users/ada/.grok/config.toml',
    linux: 'home/ada/.grok/config.toml',
  },
  hermes: {
    darwin: 'Users/ada/.hermes/config.yaml',
    win32: 'C/Users/ada/.hermes/config.yaml',
    linux: 'home/ada/.hermes/config.yaml',
  },
  mcporter: {
    darwin: 'Users/ada/.mcporter/mcporter.json',
    win32: 'C/Users/ada/.mcporter/mcporter.json',
    linux: 'home/ada/.mcporter/mcporter.json',
  },
  'copilot-jetbrains': {
    darwin: 'Users/ada/.config/github-copilot/intellij/mcp.json',
    win32: 'C/Users/ada/AppData/Local/github-copilot/intellij/mcp.json',
    linux: 'home/ada/.config/github-copilot/intellij/mcp.json',
  },
  'copilot-xcode': {
    darwin: 'Users/ada/.config/github-copilot/xcode/mcp.json',
  },
  'claude-xcode': {
    darwin: 'Users/ada/Library/Developer/Xcode/CodingAssistant/ClaudeAgentConfig/.claude.json',
  },
  'codex-xcode': {
    darwin: 'Users/ada/Library/Developer/Xcode/CodingAssistant/codex/config.toml',
  },
  abacus: {
    darwin: 'Users/ada/.abacusai/mcp.json',
    win32: 'C/Users/ada/.abacusai/mcp.json',
    linux: 'home/ada/.abacusai/mcp.json',
  },
  boltai: {
    darwin: 'Users/ada/.boltai/mcp.json',
  },
  enconvo: {
    darwin: 'Users/ada/.config/enconvo/mcp_config.json',
  },
};
