import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  alive,
  drawbridge,
  type Home,
  node,
  programOf,
  root,
  type Serving,
  scratchHome,
  serve,
} from './kit.ts';

/** Third-party servers, joined at one endpoint of the built product, for the official SDK client. */
describe('all servers of a client at one endpoint', () => {
  let home: Home;
  let serving: Serving;
  let token: string;
  let client: Client;

  const ok = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await drawbridge(home, ...args);
    expect(code, `${args.join(' ')}: ${stderr}${stdout}`).toBe(0);
    return stdout.trim();
  };

  beforeEach(async () => {
    home = scratchHome();
    home.write('files/hello.txt', 'what the file says');
    await ok(
      'servers',
      'add',
      'everything',
      '--',
      node,
      programOf('@modelcontextprotocol/server-everything'),
    );
    const filesystem = programOf('@modelcontextprotocol/server-filesystem');
    await ok('servers', 'add', 'my_files', '--', node, filesystem, join(home.dir, 'files'));
    serving = await serve(home);
    token = await ok('token', 'my-agent');
    client = new Client({ name: 'sdk', version: '1' });
  });
  afterEach(async () => {
    await client.close();
    if (alive(serving.pid)) await serving.stop();
    home.remove();
  });

  const over = {
    http: () =>
      new StreamableHTTPClientTransport(new URL('/mcp', serving.gateway), {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }) as Transport,
    bridge: () =>
      new StdioClientTransport({
        command: node,
        args: [join(root, 'bin/drawbridge.mjs'), 'bridge', '--all'],
        env: { ...(home.env as Record<string, string>), DRAWBRIDGE_TOKEN: token },
      }),
  };

  test.each(['http', 'bridge'] as const)('over %s', async (way) => {
    await client.connect(over[way]());
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain('everything__echo');
    expect(names).toContain('my_files__read_text_file');
    expect(names.every((name) => /^(everything|my_files)__/.test(name))).toBe(true);

    const call = async (name: string, args: Record<string, unknown>) =>
      client.request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema);
    const echoed = await call('everything__echo', { message: 'hi' });
    expect(echoed.content).toEqual([{ type: 'text', text: 'Echo: hi' }]);
    const read = await call('my_files__read_text_file', { path: join(home.dir, 'files/hello.txt') });
    expect(read.content).toEqual([{ type: 'text', text: 'what the file says' }]);

    const prompts = await client.listPrompts();
    expect(prompts.prompts.map(({ name }) => name)).toContain('everything__simple-prompt');
    expect((await client.getPrompt({ name: 'everything__simple-prompt' })).messages).not.toHaveLength(0);
    const [resource] = (await client.listResources()).resources;
    expect((await client.readResource({ uri: resource?.uri as string })).contents).not.toHaveLength(0);

    await ok(
      'policy',
      'set',
      'my_files',
      home.write('policy.json', '{"version":"1","default":"allow","hide":["read_text_file"]}'),
    );
    const after = await client.listTools();
    expect(after.tools.map(({ name }) => name)).not.toContain('my_files__read_text_file');
    await expect(call('my_files__read_text_file', { path: '/x' })).rejects.toThrow(/Unknown tool/);

    const log = await ok('audit', 'export', '--format', 'jsonl');
    const entries = log
      .split('\n')
      .map((line) => JSON.parse(line) as { body: { server?: string; tool?: string | null } });
    expect(entries.filter(({ body }) => body.tool === 'echo').map(({ body }) => body.server)).toEqual([
      'everything',
    ]);
    await ok('audit', 'verify');
  });
});
