import type { PathTemplate, PerSystem } from './places.ts';

/** How a client's rules about which servers it may reach are written. */
export type RuleKind =
  /**
   * `allowedMcpServers` and `deniedMcpServers`: entries of serverName, serverCommand or serverUrl.
   * https://code.claude.com/docs/en/managed-mcp, and
   * https://docs.github.com/en/copilot/how-tos/administer-copilot/manage-mcp-usage/configure-enterprise-allowlist
   */
  | 'lists'
  /** `mcp_servers.NAME.identity` in requirements.toml: https://developers.openai.com/codex/enterprise/managed-configuration */
  | 'requirements'
  /** `amp.mcpPermissions`, the first rule that fits: https://ampcode.com/manual (MCP permissions). */
  | 'permissions'
  /** `all`, `registry` or `none` under a key: https://code.visualstudio.com/docs/setup/enterprise */
  | 'access';

/** A file with such rules. */
export interface RuleFile {
  readonly kind: RuleKind;
  readonly places: PerSystem;
  /** Set by the organisation, where it can say that only its own lists count. */
  readonly managed: boolean;
}

function rules(kind: RuleKind, managed: boolean, places: PerSystem): RuleFile {
  return { kind, managed, places };
}

function each(darwin: PathTemplate, win32: PathTemplate, linux: PathTemplate): PerSystem {
  return { darwin: [darwin], win32: [win32], linux: [linux] };
}

function everySystem(...places: PathTemplate[]): PerSystem {
  return { darwin: places, win32: places, linux: places };
}

const CLAUDE_FOLDERS = {
  darwin: ['/Library/Application Support/ClaudeCode'],
  win32: ['{ProgramFiles|C:/Program Files}/ClaudeCode', '{ProgramData|C:/ProgramData}/ClaudeCode'],
  linux: ['/etc/claude-code'],
};
const inClaudeFolders = (of: readonly string[]): string[] =>
  of.flatMap((folder) => [`${folder}/managed-settings.json`, `${folder}/managed-settings.d/*.json`]);

export const CLAUDE_RULES: readonly RuleFile[] = [
  rules('lists', true, {
    darwin: inClaudeFolders(CLAUDE_FOLDERS.darwin),
    win32: inClaudeFolders(CLAUDE_FOLDERS.win32),
    linux: inClaudeFolders(CLAUDE_FOLDERS.linux),
  }),
  // What the organisation's server sent last.
  rules('lists', true, everySystem('{CLAUDE_CONFIG_DIR|~/.claude}/remote-settings.json')),
  rules('lists', false, everySystem('{CLAUDE_CONFIG_DIR|~/.claude}/settings.json')),
];

/** https://github.com/microsoft/vscode/issues/321870 names the places. */
export const COPILOT_RULES: readonly RuleFile[] = [
  rules(
    'lists',
    true,
    each(
      '/Library/Application Support/GitHubCopilot/managed-settings.json',
      '{ProgramFiles|C:/Program Files}/GitHubCopilot/managed-settings.json',
      '/etc/github-copilot/managed-settings.json',
    ),
  ),
];

/** @param user the folder with the person's settings on each system */
export function vscodeRules(user: PerSystem): readonly RuleFile[] {
  return [
    ...COPILOT_RULES,
    rules('access', true, { darwin: [], win32: [], linux: ['/etc/vscode/policy.json'] }),
    rules('access', false, user),
  ];
}

export const CODEX_RULES: readonly RuleFile[] = [
  rules(
    'requirements',
    true,
    each(
      '/etc/codex/requirements.toml',
      '{ProgramData|C:/ProgramData}/OpenAI/Codex/requirements.toml',
      '/etc/codex/requirements.toml',
    ),
  ),
];

/** @param user the person's own settings, which may hold such rules as well */
export function ampRules(user: PerSystem): readonly RuleFile[] {
  return [
    rules(
      'permissions',
      true,
      each(
        '/Library/Application Support/ampcode/managed-settings.json',
        '{ProgramData|C:/ProgramData}/ampcode/managed-settings.json',
        '/etc/ampcode/managed-settings.json',
      ),
    ),
    rules('permissions', false, user),
  ];
}
