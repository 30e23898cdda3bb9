import { COPILOT_RULES } from './organisation.ts';
import {
  everywhere,
  LOCALAPPDATA,
  macApplication,
  NEXT_SESSION,
  NOWHERE,
  processes,
  row,
  XDG_CONFIG,
} from './row.ts';
import type { ClientRow, PerSystem } from './types.ts';

const NO_PROCESS = { darwin: [], win32: [], linux: [] };

function settings(path: string): PerSystem {
  const below = `${XDG_CONFIG}/github-copilot/${path}`;
  return { darwin: [below], win32: [`${LOCALAPPDATA}/github-copilot/${path}`], linux: [below] };
}

/** GitHub Copilot outside of VS Code. */
export const COPILOT: readonly ClientRow[] = [
  row({
    id: 'copilot-cli',
    name: 'Copilot CLI',
    evidence: 'tried',
    // Seen with 1.0.102: `type: local` for stdio; it reads comments, a comma too many and a byte order mark.
    files: everywhere('{COPILOT_HOME|~/.copilot}/mcp-config.json'),
    traces: everywhere('{COPILOT_HOME|~/.copilot}'),
    processes: processes('copilot'),
    strictness: 'tolerant',
    dialect: { variables: 'env-braces', mark: { type: 'http' }, extra: { tools: ['*'] } },
    rules: COPILOT_RULES,
    projectFiles: ['.mcp.json', '.github/mcp.json'],
    picksUp: 'start',
    restart: NEXT_SESSION('Copilot CLI'),
  }),
  row({
    id: 'copilot-jetbrains',
    name: 'Copilot in JetBrains',
    evidence: 'source',
    // https://github.com/github/github-mcp-server/blob/main/docs/installation-guides/install-other-copilot-ides.md
    files: settings('intellij/mcp.json'),
    traces: settings('intellij'),
    processes: NO_PROCESS,
    strictness: 'tolerant',
    maps: [['servers']],
    dialect: { shape: 'request-init', variables: 'editor' },
    rules: COPILOT_RULES,
    picksUp: 'live',
    restart: 'The IDE starts the servers again when the file is saved in it; otherwise start the IDE again.',
  }),
  row({
    id: 'copilot-xcode',
    name: 'Copilot in Xcode',
    evidence: 'source',
    // The same guide, and https://github.com/github/CopilotForXcode
    files: { ...NOWHERE, darwin: [`${XDG_CONFIG}/github-copilot/xcode/mcp.json`] },
    traces: {
      ...NOWHERE,
      darwin: [`${XDG_CONFIG}/github-copilot/xcode`, ...macApplication('GitHub Copilot for Xcode').darwin],
    },
    processes: { ...NO_PROCESS, darwin: ['GitHub Copilot for Xcode'] },
    strictness: 'tolerant',
    maps: [['servers']],
    dialect: { shape: 'request-init' },
    rules: COPILOT_RULES,
    picksUp: 'start',
    restart: 'Start GitHub Copilot for Xcode again.',
  }),
];
