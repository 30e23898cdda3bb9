import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawbridge, type Home, node, programOf, type Serving, scratchHome, serve } from './kit.ts';

const CANARY = 'sk-canary-4f9a1c77e2d04b6fa0d1';
const CURSOR = '.cursor/mcp.json';
const CODE = '.claude.json';
const DESKTOP = '.config/Claude/claude_desktop_config.json';

/** What a rewritten entry may hold. */
interface Entry {
  type?: string;
  url?: string;
  headers?: Record<string, string>;
  command?: string;
  args?: string[];
  env?: Record<string, string>;
}

describe('the main job: real servers of real clients’ files, governed', () => {
  let home: Home;
  let before: Map<string, string>;
  let serving: Serving | undefined;

  beforeAll(() => {
    home = scratchHome();
    const everything = programOf('@modelcontextprotocol/server-everything');
    const filesystem = programOf('@modelcontextprotocol/server-filesystem');
    const text = JSON.stringify;
    home.write(
      CURSOR,
      `{\n  // servers I use every day\n  "mcpServers": {\n    "everything": {\n      "command": ${text(node)}, "args": [${text(everything)}, "stdio"],\n      "env": { "SERVICE_API_KEY": "${CANARY}" } /* rotate in May */\n    },\n    "files": { "command": ${text(node)}, "args": [${text(filesystem)}, ${text(home.dir)}] }, // home only\n  },\n}\n`,
    );
    home.write(
      CODE,
      JSON.stringify(
        {
          numStartups: 41,
          mcpServers: {
            everything: {
              type: 'stdio',
              command: node,
              args: [everything, 'stdio'],
              env: { SERVICE_API_KEY: CANARY },
            },
          },
          projects: {
            '/srv/shop': {
              allowedTools: [],
              mcpServers: { files: { command: node, args: [filesystem, home.dir] } },
            },
            '/srv/empty': { mcpServers: {} },
          },
          oauthAccount: { emailAddress: 'someone@example.org' },
        },
        null,
        2,
      ),
    );
    home.write(
      DESKTOP,
      `{\r\n\t"globalShortcut": "",\r\n\t"mcpServers": {\r\n\t\t"everything": { "command": ${text(node)}, "args": [${text(everything)}, "stdio"] },\r\n\t\t"files": { "command": ${text(node)}, "args": [${text(filesystem)}, ${text(home.dir)}] }\r\n\t}\r\n}\r\n`,
    );
    before = new Map([CURSOR, CODE, DESKTOP].map((path) => [path, home.read(path)]));
  });
  afterAll(async () => {
    await serving?.stop();
    home.remove();
  });

  test('a dry run shows the change and writes nothing', async () => {
    const shown = await drawbridge(home, 'connect', '--all', '--dry-run');
    expect(shown.stderr).toBe('');
    expect(shown.code).toBe(0);
    for (const name of ['Cursor', 'Claude Code', 'Claude Desktop']) expect(shown.stdout).toContain(name);
    expect(shown.stdout).toMatch(/^\s*-.*server-everything/m);
    expect(shown.stdout).toMatch(/^\s*\+.*\/s\/everything(-2)?\/mcp/m);
    expect(shown.stdout).not.toContain(CANARY);
    for (const [path, text] of before) expect(home.read(path)).toBe(text);
  });

  test('connect --all routes every entry; the secret is in no file any more', async () => {
    const done = await drawbridge(home, 'connect', '--all', '--json');
    expect(done.code, done.stderr + done.stdout).toBe(0);
    for (const [path] of before) {
      expect(home.read(path)).not.toContain('server-everything');
      expect(home.read(path)).not.toContain(CANARY);
    }
    expect(home.read(CURSOR)).toContain('// servers I use every day');
    expect(home.read(CURSOR)).toContain('// home only');
    for (const { path, bytes } of home.files()) expect(bytes.includes(CANARY), path).toBe(false);
    const again = await drawbridge(home, 'connect', '--all', '--json');
    expect(again.code, again.stdout).toBe(0);
  });

  test('a client started exactly as its entry says lists tools and calls echo', async () => {
    serving = await serve(home);
    const cursor = entriesOf(stripComments(home.read(CURSOR)));
    const code = JSON.parse(home.read(CODE));
    const desktop = entriesOf(home.read(DESKTOP));
    for (const entry of [cursor.everything, code.mcpServers.everything, desktop.everything])
      await expectEcho(entry as Entry, home);
    for (const entry of [cursor.files, code.projects['/srv/shop'].mcpServers.files, desktop.files]) {
      const client = await connected(entry as Entry, home);
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toContain('list_directory');
      await client.close();
    }
    const rows = await drawbridge(home, 'audit', 'tail', '--json');
    const calls = rows.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const echoes = calls.filter((row) => row.tool === 'echo');
    expect(new Set(echoes.map((row) => row.clientId))).toEqual(
      new Set(['cursor', 'claude-code', 'claude-desktop']),
    );
    expect(echoes.every((row) => row.status === 'ok')).toBe(true);
  });

  test('the server still gets its secret', async () => {
    const cursor = entriesOf(stripComments(home.read(CURSOR)));
    const client = await connected(cursor.everything as Entry, home);
    const result = (await client.callTool({ name: 'get-env', arguments: {} })) as {
      content: { text: string }[];
    };
    expect(result.content[0]?.text).toContain(CANARY);
    await client.close();
  });

  test('restore --all brings every file back byte for byte, with and without a running core', async () => {
    const restored = await drawbridge(home, 'restore', '--all');
    expect(restored.code, restored.stdout).toBe(0);
    for (const [path, text] of before) expect(home.read(path), path).toBe(text);

    expect((await drawbridge(home, 'connect', '--all')).code).toBe(0);
    for (const [path, text] of before) expect(home.read(path), path).not.toBe(text);
    await serving?.stop();
    serving = undefined;
    expect((await drawbridge(home, 'restore', '--all')).code).toBe(0);
    for (const [path, text] of before) expect(home.read(path), path).toBe(text);
  });
});

async function expectEcho(entry: Entry, home: Home): Promise<void> {
  const client = await connected(entry, home);
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toContain('echo');
  const result = (await client.callTool({ name: 'echo', arguments: { message: 'hello' } })) as {
    content: { text: string }[];
  };
  expect(result.content[0]?.text).toContain('hello');
  await client.close();
}

/** Connects the way a client does that reads this entry, and knows nothing else. */
async function connected(entry: Entry, home: Home): Promise<Client> {
  const client = new Client({ name: 'a-client', version: '1.0.0' });
  const transport = entry.url
    ? new StreamableHTTPClientTransport(new URL(entry.url), { requestInit: { headers: entry.headers ?? {} } })
    : new StdioClientTransport({
        command: entry.command as string,
        args: entry.args ?? [],
        env: { HOME: home.dir, PATH: process.env.PATH ?? '', ...entry.env },
      });
  await client.connect(transport as Transport);
  return client;
}

function entriesOf(text: string): Record<string, Entry> {
  return (JSON.parse(text) as { mcpServers: Record<string, Entry> }).mcpServers;
}

/** Enough for the file above: comments outside strings, and trailing commas. */
function stripComments(text: string): string {
  return text
    .replace(
      /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      (_all, string: string | undefined) => string ?? '',
    )
    .replace(/,(\s*[}\]])/g, '$1');
}
