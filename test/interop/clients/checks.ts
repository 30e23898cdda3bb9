import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type Home, node, programOf, root } from '../kit.ts';
import { codexStatus } from './app-server.ts';

/** A server as the person has it in the client's file: started by the client itself. */
export interface Direct {
  readonly name: string;
  readonly args: readonly string[];
}

/** How one client is tried. */
export interface Check {
  /** Row of the client table. */
  readonly id: string;
  /** Whose program reads the file: the client's own, or another that reads the same file. */
  readonly program: string | 'inspector';
  /** The client's file below the home folder, and what stands in it before. */
  readonly file: string;
  write(servers: readonly Direct[]): string;
  /** Runs the program; gives what it said about its servers. */
  run(program: string, home: Home): Promise<string>;
  /** Says in the program's own words that a server is reached. */
  connected(server: string): RegExp;
}

const usual = (servers: readonly Direct[]): string =>
  `${JSON.stringify({ mcpServers: Object.fromEntries(servers.map(({ name, args }) => [name, { command: node, args }])) }, null, 2)}\n`;

export const CHECKS: readonly Check[] = [
  {
    id: 'claude-code',
    program: 'claude-code',
    file: '.claude.json',
    write: usual,
    run: (program, home) =>
      output(home, program, ['mcp', 'list'], {
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      }),
    connected: (server) => new RegExp(`^${server}: .* - ✔ Connected$`, 'm'),
  },
  {
    id: 'codex',
    program: 'codex',
    file: '.codex/config.toml',
    write: (servers) =>
      `# kept\n${servers.map(({ name, args }) => `\n[mcp_servers.${name}]\ncommand = ${JSON.stringify(node)}\nargs = ${JSON.stringify(args)} # kept as well\n`).join('')}`,
    run: (program, home) => codexStatus(program, home.dir, environment(home)),
    connected: (server) => new RegExp(`^${server}: [1-9]\\d* tools$`, 'm'),
  },
  {
    id: 'gemini-cli',
    program: 'gemini-cli',
    file: '.gemini/settings.json',
    write: (servers) => usual(servers).replace('{\n', '{\n  // kept\n'),
    run: (program, home) => output(home, program, ['mcp', 'list'], { GEMINI_CLI_TRUST_WORKSPACE: 'true' }),
    connected: (server) => new RegExp(`^✓ ${server}: .* - Connected$`, 'm'),
  },
  {
    id: 'opencode',
    program: 'opencode',
    file: '.config/opencode/opencode.json',
    write: (servers) => {
      const mcp = servers.map(({ name, args }) => [name, { type: 'local', command: [node, ...args] }]);
      return `{\n  // kept\n  "mcp": ${JSON.stringify(Object.fromEntries(mcp))}\n}\n`;
    },
    run: (program, home) =>
      output(home, program, ['mcp', 'list'], {
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
      }),
    connected: (server) => new RegExp(`✓ ${server} connected`),
  },
  {
    // Cursor is not on npm: mcporter reads the same file.
    id: 'cursor',
    program: 'mcporter',
    file: '.cursor/mcp.json',
    write: usual,
    run: (program, home) => output(home, program, ['list'], {}),
    connected: (server) => new RegExp(`^- ${server} \\([1-9]\\d* tools`, 'm'),
  },
  {
    // Nor is Claude Desktop: the Inspector starts the entry of its file, which is the bridge.
    id: 'claude-desktop',
    program: 'inspector',
    file: '.config/Claude/claude_desktop_config.json',
    write: usual,
    async run(_program, home) {
      const config = join(home.dir, '.config/Claude/claude_desktop_config.json');
      const said: string[] = [];
      for (const server of ['everything', 'files']) {
        const words = ['--cli', '--config', config, '--server', server, '--method', 'tools/list'];
        const inspector = programOf('@modelcontextprotocol/inspector');
        const text = await output(home, node, [inspector, ...words], {
          MCP_INSPECTOR_SECRET_STORE: 'memory',
        });
        said.push(`${server}: ${text.match(/^ {6}"name":/gm)?.length ?? 0} tools`);
      }
      return said.join('\n');
    },
    connected: (server) => new RegExp(`^${server}: [1-9]\\d* tools$`, 'm'),
  },
];

/** Nothing of the real home, and our Node first. */
export function environment(home: Home): NodeJS.ProcessEnv {
  return {
    HOME: home.dir,
    PATH: `${join(root, 'node_modules', '.bin')}:/usr/local/bin:/usr/bin:/bin`,
    SHELL: '/bin/sh',
    NO_COLOR: '1',
    TERM: 'dumb',
  };
}

/** Everything a program says, without colours. Programs of others end with 0 also where a server is not reached. */
function output(home: Home, file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((done, fail) => {
    const options = { cwd: home.dir, env: { ...environment(home), ...env }, timeout: 120_000 };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error?.killed) fail(new Error(`${file} did not end within 2 minutes: ${stdout}${stderr}`));
      else done(`${stdout}${stderr}`.replaceAll(/\u001B\[[0-9;]*m/g, ''));
    });
  });
}
