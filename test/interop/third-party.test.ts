import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawbridge, type Home, node, programOf, root, type Serving, scratchHome, serve } from './kit.ts';

/** Real programs of others, against the built product. */
describe('third-party clients and servers', () => {
  let home: Home;
  let serving: Serving;
  let token: string;

  beforeAll(async () => {
    home = scratchHome();
    const add = async (name: string, program: string, ...args: string[]): Promise<void> => {
      const result = await drawbridge(home, 'servers', 'add', name, '--', node, programOf(program), ...args);
      expect(result.code, result.stderr).toBe(0);
    };
    await add('everything', '@modelcontextprotocol/server-everything', 'stdio');
    await add('files', '@modelcontextprotocol/server-filesystem', home.dir);
    await add('memory', '@modelcontextprotocol/server-memory');
    serving = await serve(home);
    token = (await drawbridge(home, 'token', 'inspector')).stdout.trim();
    home.write('hello.txt', 'hello from disk');
    home.write(
      'mcp.json',
      JSON.stringify({
        mcpServers: Object.fromEntries(
          ['everything', 'files', 'memory'].map((name) => [
            name,
            {
              type: 'http',
              url: `${serving.gateway}/s/${name}/mcp`,
              headers: { Authorization: `Bearer ${token}` },
            },
          ]),
        ),
      }),
    );
  });
  afterAll(async () => {
    await serving.stop();
    home.remove();
  });

  const inspector = (
    server: string,
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const words = ['--cli', '--config', join(home.dir, 'mcp.json'), '--server', server, ...args];
      execFile(
        node,
        [programOf('@modelcontextprotocol/inspector'), ...words],
        {
          env: { HOME: home.dir, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
          timeout: 60_000,
        },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
    });

  test.each([
    ['everything', 'echo', ['message=hi from the inspector'], 'hi from the inspector'],
    ['files', 'read_text_file', [], 'hello from disk'],
    ['memory', 'read_graph', [], 'entities'],
  ])('the MCP inspector calls a tool of server-%s', async (server, tool, toolArgs, expected) => {
    const args = server === 'files' ? [`path=${join(home.dir, 'hello.txt')}`] : toolArgs;
    const result = await inspector(
      server,
      '--method',
      'tools/call',
      '--tool-name',
      tool,
      ...args.flatMap((arg) => ['--tool-arg', arg]),
    );
    expect(result.code, result.stderr + result.stdout).toBe(0);
    expect(result.stdout).toContain(expected);
  });

  test('the official SDK’s successor connects, lists, calls and is recorded under its token', async () => {
    const client = new Client({ name: 'sdk-2', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(`${serving.gateway}/s/everything/mcp`), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain('get-sum');
    const result = await client.callTool({ name: 'get-sum', arguments: { a: 2, b: 40 } });
    expect(JSON.stringify(result.content)).toContain('42');
    await client.close();
    const rows = await drawbridge(home, 'audit', 'tail', '--json');
    const calls = rows.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls.find((row) => row.tool === 'get-sum')).toMatchObject({
      clientId: 'inspector',
      status: 'ok',
    });
  });

  test('a wrong token is refused', async () => {
    const client = new Client({ name: 'sdk-2', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(`${serving.gateway}/s/everything/mcp`), {
      requestInit: { headers: { Authorization: 'Bearer wrong' } },
    });
    await expect(client.connect(transport)).rejects.toThrow();
  });
});
