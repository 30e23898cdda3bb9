import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RpcMessage } from '../../../main/core/codec/types.ts';
import { createUpstreams, listTools } from '../../../main/core/upstream/index.ts';
import type { ResolvedServer, Upstreams } from '../../../main/core/upstream/types.ts';
import { deps, message, request, until } from '../../core/upstream/helpers.ts';

const require = createRequire(import.meta.url);
const program = (name: string): string =>
  join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist/index.js');
const node = (name: string, args: string[], env: Record<string, string> = {}): ResolvedServer => ({
  kind: 'stdio',
  command: process.execPath,
  args: [program(name), ...args],
  env,
});

let folder: string;
let upstreams: Upstreams;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'drawbridge-upstream-')));
  upstreams = createUpstreams(
    deps({
      servers: {
        everything: node('server-everything', ['stdio']),
        files: node('server-filesystem', [folder]),
        memory: node('server-memory', [], { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') }),
      },
      limits: { stopStepMs: 2000 },
    }),
  );
});
afterEach(async () => {
  await upstreams.stop();
  expect(upstreams.childPids()).toEqual([]);
  await rm(folder, { recursive: true });
});

describe('real servers over stdio', () => {
  test.each([
    ['everything', 'echo'],
    ['files', 'read_text_file'],
    ['memory', 'create_entities'],
  ])('%s lists its tools', async (server, tool) => {
    const connection = await upstreams.connect(server);
    const tools = await listTools(connection, new AbortController().signal);
    expect(tools.map((each) => each.name)).toContain(tool);
    expect(upstreams.health(server).status).toBe('running');
    await connection.close();
    expect(upstreams.health(server)).toEqual({ status: 'idle', text: null, connections: 0 });
  });

  test('two sessions have a process each, and calls reach the world', async () => {
    await writeFile(join(folder, 'a.txt'), 'contents of a');
    const open = async (): Promise<(name: string, args: Record<string, string>) => Promise<RpcMessage>> => {
      const connection = await upstreams.connect('files');
      const answers = new Map<string, RpcMessage>();
      connection.onMessage((each) => void answers.set(each.id ?? '', each));
      const ask = async (
        id: number,
        method: string,
        params: Parameters<typeof request>[2],
      ): Promise<RpcMessage> => {
        await connection.send(request(id, method, params));
        await until(`an answer to ${method}`, () => answers.has(String(id)));
        return answers.get(String(id)) as RpcMessage;
      };
      const clientInfo = { name: 'test', version: '1' };
      await ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      await connection.send(message({ jsonrpc: '2.0', method: 'notifications/initialized' }));
      let next = 2;
      return (name, args) => ask(next++, 'tools/call', { name, arguments: args });
    };
    const [first, second] = await Promise.all([open(), open()]);
    expect(new Set(upstreams.childPids()).size).toBe(2);
    expect((await first('read_text_file', { path: join(folder, 'a.txt') })).raw.toString()).toContain(
      'contents of a',
    );
    await second('write_file', { path: join(folder, 'b.txt'), content: 'written by a tool' });
    expect(await readFile(join(folder, 'b.txt'), 'utf8')).toBe('written by a tool');
  });
});
