import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedPolicies } from '../fixtures/policies/seeds.ts';
import {
  alive,
  drawbridge,
  type Home,
  node,
  processesWith,
  root,
  type Serving,
  scratchHome,
  serve,
  until,
} from './kit.ts';

const KIT = join(root, 'test/fixtures/servers/kit.ts');

interface ToolResult {
  content: { type: string; text: string }[];
  isError?: boolean;
  _meta?: Record<string, { decision: string; rule: string }>;
}

describe('calls governed by the built product', () => {
  let home: Home;
  let serving: Serving;
  let clients: Client[];

  beforeEach(() => {
    home = scratchHome();
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) await client.close();
    if (alive(serving.pid)) await serving.stop();
    home.remove();
  });

  /** Registers the fixture server with these tools under the name `kit`, starts the core, and puts the policy in force. */
  async function govern(tools: string[], policy: object): Promise<void> {
    const definitions = tools.map((name) => ({ name, inputSchema: { type: 'object' } }));
    const file = home.write('tools.json', JSON.stringify(definitions));
    const record = join(home.dir, 'received.jsonl');
    await ok('servers', 'add', 'kit', '--', 'env', `KIT_RECORD=${record}`, node, KIT, file);
    serving = await serve(home);
    await setPolicy(policy);
  }
  async function setPolicy(policy: object): Promise<void> {
    const file = home.write('policy.json', JSON.stringify(policy));
    await ok('policy', 'set', 'kit', file);
  }
  async function ok(...args: string[]): Promise<string> {
    const result = await drawbridge(home, ...args);
    expect(result.code, `${args.join(' ')}: ${result.stderr}${result.stdout}`).toBe(0);
    return result.stdout;
  }
  async function connected(name = 'tester'): Promise<Client> {
    const token = (await ok('token', name)).trim();
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(`${serving.gateway}/s/kit/mcp`), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    });
    await client.connect(transport as Transport);
    clients.push(client);
    return client;
  }
  const call = async (
    client: Client,
    name: string,
    args: Record<string, unknown> = {},
  ): Promise<ToolResult> => (await client.callTool({ name, arguments: args })) as unknown as ToolResult;
  /** The tool calls that really reached the server. */
  const received = (): { name: string; arguments: unknown }[] =>
    existsSync(join(home.dir, 'received.jsonl'))
      ? readFileSync(join(home.dir, 'received.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
          .filter((message) => message.method === 'tools/call')
          .map((message) => message.params)
      : [];
  const waiting = async (count = 1): Promise<{ id: string; argumentsText: string; state: string }[]> =>
    until(`${count} approvals`, async (see) => {
      const list = see(JSON.parse(await ok('approvals', '--json')));
      return list.length === count ? list : undefined;
    });

  test.each(seedPolicies)(
    'the document of $name is accepted unchanged, and denies what it does not list',
    async ({ text, tool }) => {
      const file = home.write('seed.json', text);
      await ok('policy', 'check', file);
      await govern([tool, 'wipe_everything'], JSON.parse(text));
      const client = await connected();
      expect((await call(client, tool)).isError).toBeUndefined();
      const denied = await call(client, 'wipe_everything');
      expect(denied.isError).toBe(true);
      expect(denied._meta?.['drawbridge/decision']).toMatchObject({ decision: 'deny', rule: '/default' });
      expect(received().map(({ name }) => name)).toEqual([tool]);
    },
  );

  test('the 11th call in a minute is refused with the time it is free again, also after kill -9 of the core', async () => {
    const limits = [{ counter: 'generate_image_rate', window: 'minute', max: 10, scope: 'grant' }];
    await govern(['generate_image'], {
      version: '1',
      default: 'deny',
      tools: { generate_image: { limits } },
    });
    let client = await connected();
    for (let n = 1; n <= 10; n++)
      expect((await call(client, 'generate_image', { n })).isError, `call ${n}`).toBeUndefined();
    const refused = await call(client, 'generate_image', { n: 11 });
    expect(refused.isError).toBe(true);
    expect(refused.content[0]?.text).toMatch(/\d{1,2}:\d{2}/);

    await serving.kill();
    serving = await serve(home);
    client = await connected();
    expect((await call(client, 'generate_image', { n: 12 })).isError).toBe(true);
    expect(received()).toHaveLength(10);
    expect(JSON.parse(await ok('audit', 'verify', '--json'))).toMatchObject({ ok: true });
  });

  test('ask: the call waits with its whole arguments; allow runs it, deny gives the agent the message', async () => {
    await govern(['send_email'], { version: '1', default: 'deny', tools: { send_email: { action: 'ask' } } });
    const client = await connected();
    const args = { to: 'a@example.org', body: 'x'.repeat(5000) };
    const first = call(client, 'send_email', args);
    const [prompt] = await waiting();
    expect(JSON.parse(prompt?.argumentsText ?? '')).toEqual(args);
    expect(received()).toEqual([]);
    await ok('approve', prompt?.id as string);
    expect((await first).isError).toBeUndefined();

    const second = call(client, 'send_email', args);
    const [again] = await waiting();
    await ok('deny', again?.id as string, '--message', 'Use the staging account.');
    const denied = await second;
    expect(denied.isError).toBe(true);
    expect(denied.content[0]?.text).toContain('Use the staging account.');
    expect(received()).toHaveLength(1);
  });

  test('a prompt is withdrawn with its call: approving it afterwards runs nothing', async () => {
    await govern(['send_email'], { version: '1', default: 'deny', tools: { send_email: { action: 'ask' } } });
    const client = await connected();
    const abort = new AbortController();
    const gone = client
      .callTool({ name: 'send_email', arguments: {} }, undefined, { signal: abort.signal })
      .catch(() => 'gone');
    const [prompt] = await waiting();
    abort.abort();
    expect(await gone).toBe('gone');
    await waiting(0);
    expect((await drawbridge(home, 'approve', prompt?.id as string)).code).toBe(1);
    expect(received()).toEqual([]);
  });

  test('after the hold the caller is told to call again; a late Allow runs the identical retry once and only once', async () => {
    await govern(['send_email'], { version: '1', default: 'deny', tools: { send_email: { action: 'ask' } } });
    const client = await connected();
    const args = { to: 'a@example.org', n: 1 };
    const started = Date.now();
    const pending = await client.callTool({ name: 'send_email', arguments: args }, undefined, {
      timeout: 600_000,
    });
    expect(Date.now() - started).toBeGreaterThan(45_000);
    expect(pending.isError).toBe(true);
    expect((pending as unknown as ToolResult).content[0]?.text).toMatch(/identical arguments/);
    const [prompt] = await waiting();
    expect(prompt?.state).toBe('pending');
    await ok('approve', prompt?.id as string);
    expect(received()).toEqual([]);

    const ran = await call(client, 'send_email', { n: 1, to: 'a@example.org' });
    expect(ran.isError, 'reordered keys are identical').toBeUndefined();
    expect(received()).toHaveLength(1);
    const once = call(client, 'send_email', args);
    const [next] = await waiting();
    expect(next?.id).not.toBe(prompt?.id);
    await ok('deny', next?.id as string);
    expect((await once).isError).toBe(true);
    expect(received()).toHaveLength(1);
  }, 120_000);

  test('kill -9 of a stdio server: the caller is told, the next call starts it again', async () => {
    await govern(['echo', 'slow'], { version: '1', default: 'allow' });
    const client = await connected();
    const running = call(client, 'slow', { ms: 60_000 });
    const first = await until('the call at the server', () =>
      received().length === 1 ? childOfCore() : undefined,
    );
    process.kill(first, 'SIGKILL');
    await expect(running).rejects.toThrow(/kit/);
    expect((await call(client, 'echo', { a: 1 })).isError).toBeUndefined();
    expect(childOfCore()).not.toBe(first);
    const rows = (await ok('audit', 'tail', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.find((row) => row.tool === 'slow')).toMatchObject({ status: 'lost' });
    expect(rows.find((row) => row.tool === 'echo')).toMatchObject({ status: 'ok' });
  });

  test('kill -9 of the core: no child is left over, and the record has no gap', async () => {
    await govern(['echo', 'slow'], { version: '1', default: 'allow' });
    const client = await connected();
    await call(client, 'echo');
    const cut = call(client, 'slow', { ms: 60_000 }).catch(() => 'cut');
    const child = await until('the call at the server', () =>
      received().length === 2 ? childOfCore() : undefined,
    );
    await serving.kill();
    expect(await cut).toBe('cut');
    await until('the server to be gone', () => !alive(child));
    serving = await serve(home);
    const rows = (await ok('audit', 'tail', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.find((row) => row.tool === 'slow')).toMatchObject({ status: 'lost' });
    expect(JSON.parse(await ok('audit', 'verify', '--json'))).toMatchObject({ ok: true, fault: null });
  });

  test('kill -9 of the core: a server that ignores the end of its input is ended too', async () => {
    const tools = home.write('tools.json', '[]');
    const stubborn = join(root, 'test/fixtures/servers/stubborn.ts');
    await ok('servers', 'add', 'kit', '--', node, stubborn, tools);
    serving = await serve(home);
    await (await connected()).listTools();
    const [child] = processesWith(`${stubborn} ${tools}`);
    await serving.kill();
    await until('the stubborn server to be gone', () => !alive(child as number));
    expect(processesWith(home.dir)).toEqual([]);
  });

  test('orderly stop leaves nothing behind', async () => {
    await govern(['echo'], { version: '1', default: 'allow' });
    await call(await connected(), 'echo');
    const child = childOfCore();
    await serving.stop();
    expect(alive(child)).toBe(false);
    expect(processesWith(home.dir)).toEqual([]);
    expect(existsSync(join(home.data, 'core.json'))).toBe(false);
  });

  test('modes: raised refuses all, observe runs all and records what would have been, enforce is back', async () => {
    await govern(['echo', 'wipe'], { version: '1', default: 'deny', tools: { echo: {} } });
    const client = await connected();
    await ok('mode', 'raised');
    expect((await call(client, 'echo')).isError).toBe(true);
    await ok('mode', 'observe');
    expect((await call(client, 'wipe')).isError).toBeUndefined();
    const rows = (await ok('audit', 'tail', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.at(-1)).toMatchObject({ tool: 'wipe', decision: 'allow', would: 'deny' });
    await ok('mode', 'enforce');
    expect((await call(client, 'wipe')).isError).toBe(true);
  });

  test('a policy is taken from standard input', async () => {
    await govern(['echo'], { version: '1', default: 'allow' });
    const set = execFile(node, [join(root, 'bin/drawbridge.mjs'), 'policy', 'set', 'kit', '-'], {
      env: home.env,
    });
    set.stdin?.end('{ "version": "1", "default": "deny" }');
    expect(await new Promise((resolve) => set.once('close', resolve))).toBe(0);
    expect((await call(await connected(), 'echo')).isError).toBe(true);
  });

  test('a policy file edited by hand is in force at once; a broken one keeps the last good policy and says so', async () => {
    await govern(['echo'], { version: '1', default: 'allow' });
    const client = await connected();
    expect((await call(client, 'echo')).isError).toBeUndefined();
    const file = join(home.data, 'policies', 'kit.json');
    writeFileSync(file, '{ "version": "1", "default": "deny" }');
    await until('the edit to be in force', async () =>
      (await call(client, 'echo')).isError ? true : undefined,
    );
    writeFileSync(file, '{ "version": "1", "defualt": "allow" }');
    const broken = await until('the fault to be shown', async () => {
      const [server] = JSON.parse(await ok('servers', '--json'));
      return server.policy.broken ?? undefined;
    });
    expect(broken).toContain('defualt');
    expect((await call(client, 'echo')).isError).toBe(true);
  });

  /** The server process that the core started. */
  function childOfCore(): number {
    const found = processesWith(`${KIT} ${home.dir}`).filter((pid) => pid !== serving.pid);
    const [pid] = found.filter(
      (candidate) => readFileSync(`/proc/${candidate}/comm`, 'utf8').trim() !== 'env',
    );
    if (pid === undefined) throw new Error('the core has started no server');
    return pid;
  }
});
