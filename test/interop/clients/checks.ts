import { join } from 'node:path';
import { node, programOf } from '../kit.ts';
import { AGENTS, PROMPT } from './agents.ts';
import { codexStatus } from './app-server.ts';
import { MODEL } from './model/stand-in-model.ts';
import { type Check, type Direct, environment, output, type Place } from './program.ts';
import { TOOL_SECONDS } from './told.ts';
import { usual } from './usual.ts';

function commands(servers: readonly Direct[]): string {
  const mcp = servers.map(({ name, args }) => [name, { type: 'local', command: [node, ...args] }]);
  return `{\n  // kept\n  "mcp": ${JSON.stringify(Object.fromEntries(mcp))}\n}\n`;
}

/** One conversation of Codex with a model of one's own. */
function codexWords(url: string): string[] {
  const provider = `model_providers.stand_in={ name = "Stand-in", base_url = "${url}", env_key = "STAND_IN_KEY", wire_api = "responses" }`;
  const config = ['-c', provider, '-c', 'model_provider="stand_in"', '-m', MODEL];
  return ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', ...config, PROMPT];
}

/** In the order they are tried. */
export const CHECKS: readonly Check[] = [
  {
    id: 'claude-code',
    program: 'claude-code',
    file: '.claude.json',
    write: usual,
    run: (program, place) =>
      output(place, program, ['mcp', 'list'], {
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      }),
    talk: (program, place) =>
      output(place, program, ['-p', PROMPT, '--allowedTools', 'mcp__everything', 'mcp__files'], {
        ANTHROPIC_BASE_URL: place.model.url.replace(/\/v1$/, ''),
        ANTHROPIC_API_KEY: 'none',
        ANTHROPIC_MODEL: MODEL,
        ANTHROPIC_SMALL_FAST_MODEL: MODEL,
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        // By itself it asks its model before its servers have answered.
        MCP_CONNECTION_NONBLOCKING: '0',
        MCP_CONNECT_TIMEOUT_MS: '60000',
        // By itself it declares tools of servers only after a search for them.
        ENABLE_TOOL_SEARCH: 'false',
        MCP_TOOL_TIMEOUT: String(TOOL_SECONDS * 1000),
      }),
    connected: (server) => new RegExp(`^${server}: .* - ✔ Connected$`, 'm'),
    rewrites: true,
  },
  {
    id: 'codex',
    program: 'codex',
    file: '.codex/config.toml',
    write: (servers) =>
      `# kept\n${servers.map(({ name, args }) => `\n[mcp_servers.${name}]\ncommand = ${JSON.stringify(node)}\nargs = ${JSON.stringify(args)} # kept as well\ntool_timeout_sec = ${TOOL_SECONDS}\nrequired = true\n`).join('')}`,
    talk: (program, place) => output(place, program, codexWords(place.model.url), { STAND_IN_KEY: 'none' }),
    run: (program, place) => codexStatus(program, place.home.dir, environment(place)),
    connected: (server) => new RegExp(`^${server}: [1-9]\\d* tools$`, 'm'),
  },
  {
    id: 'gemini-cli',
    program: 'gemini-cli',
    file: '.gemini/settings.json',
    write: (servers) => usual(servers).replace('{\n', '{\n  // kept\n'),
    run: (program, place) => output(place, program, ['mcp', 'list'], { GEMINI_CLI_TRUST_WORKSPACE: 'true' }),
    connected: (server) => new RegExp(`^✓ ${server}: .* - Connected$`, 'm'),
  },
  {
    id: 'opencode',
    program: 'opencode',
    file: '.config/opencode/opencode.json',
    write: commands,
    run: (program, place) =>
      output(place, program, ['mcp', 'list'], {
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
      }),
    connected: (server) => new RegExp(`✓ ${server} connected`),
  },
  {
    // It began as opencode.
    id: 'kilo',
    program: 'kilo',
    file: '.config/kilo/kilo.jsonc',
    write: commands,
    run: (program, place) =>
      output(place, program, ['mcp', 'list'], {
        KILO_DISABLE_AUTOUPDATE: '1',
        KILO_DISABLE_MODELS_FETCH: '1',
        KILO_TELEMETRY_LEVEL: 'off',
      }),
    connected: (server) => new RegExp(`✓ ${server} connected`),
  },
  {
    id: 'droid',
    program: 'droid',
    file: '.factory/mcp.json',
    write: usual,
    run: (program, place) => output(place, program, ['mcp', 'list'], { FACTORY_AIRGAP_ENABLED: 'true' }),
    connected: (server) => new RegExp(`^ *${server} +(stdio|http) +connected`, 'm'),
  },
  ...AGENTS,
  // Editors are not on npm: mcporter reads the same files.
  ...[
    { id: 'cursor', file: '.cursor/mcp.json', write: usual },
    { id: 'windsurf', file: '.codeium/windsurf/mcp_config.json', write: usual },
    {
      id: 'vscode',
      file: '.config/Code/User/mcp.json',
      write: (servers: readonly Direct[]) =>
        usual(servers).replace('"mcpServers"', '"servers"').replace('{\n', '{\n  // kept\n'),
    },
  ].map((editor) => ({
    ...editor,
    program: 'mcporter',
    run: (program: string, place: Place) => output(place, program, ['list']),
    connected: (server: string) => new RegExp(`^- ${server} \\([1-9]\\d* tools`, 'm'),
  })),
  {
    // Nor is Claude Desktop on npm: the Inspector starts the entry of its file, which is the bridge.
    id: 'claude-desktop',
    program: 'inspector',
    file: '.config/Claude/claude_desktop_config.json',
    write: usual,
    async run(_program, place) {
      const config = join(place.home.dir, '.config/Claude/claude_desktop_config.json');
      const said: string[] = [];
      for (const server of ['everything', 'files']) {
        const words = ['--cli', '--config', config, '--server', server, '--method', 'tools/list'];
        const inspector = programOf('@modelcontextprotocol/inspector');
        const text = await output(place, node, [inspector, ...words], {
          MCP_INSPECTOR_SECRET_STORE: 'memory',
        });
        const tools = text.match(/^ {6}"name":/gm)?.length ?? 0;
        said.push(tools > 0 ? `${server}: ${tools} tools` : text);
      }
      return said.join('\n');
    },
    connected: (server) => new RegExp(`^${server}: [1-9]\\d* tools$`, 'm'),
  },
];
