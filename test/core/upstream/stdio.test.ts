// @module-tag slow
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RpcMessage } from '../../../main/core/codec/types.ts';
import type {
  CloseReason,
  ResolvedServer,
  UpstreamConnection,
  UpstreamLimits,
  Upstreams,
} from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { type DepsOptions, deps, message, realClock, request, script, until } from './helpers.ts';

let upstreams: Upstreams | undefined;
afterEach(async () => {
  await upstreams?.stop();
  expect(upstreams?.childPids() ?? []).toEqual([]);
  upstreams = undefined;
});

function one(server: ResolvedServer, more: Partial<DepsOptions> = {}): Upstreams {
  upstreams = createUpstreams(deps({ servers: { x: server }, ...more }));
  return upstreams;
}

interface Session {
  readonly connection: UpstreamConnection;
  readonly got: RpcMessage[];
  closed(): Promise<CloseReason>;
  text(at: number): Promise<string>;
}

async function open(server: ResolvedServer, limits?: Partial<UpstreamLimits>): Promise<Session> {
  const connection = await one(server, limits ? { limits } : {}).connect('x');
  const got: RpcMessage[] = [];
  const closed = Promise.withResolvers<CloseReason>();
  connection.onMessage((each) => void got.push(each));
  connection.onClose(closed.resolve);
  return {
    connection,
    got,
    closed: () => closed.promise,
    async text(at) {
      await until(`message ${at}`, (see) => see(got.length) > at);
      return got[at]?.raw.toString() ?? '';
    },
  };
}

/** Alive and not merely waiting to be reaped. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

/** Answers each line with its own text as a result. */
const ECHO = `
  require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id } = JSON.parse(line);
    if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: line }) + '\\n');
  });`;

describe('framing', () => {
  test('the bytes of an answer are handed on as they came, over cuts within a character and noise around', async () => {
    const answer = '{"jsonrpc":"2.0", "id":1,"result":{"n":9007199254740993,"s":"grüße 🌉"}}';
    const session = await open(
      script(
        `
        const bytes = Buffer.from(process.argv[1] + '\\r\\n');
        process.stdout.write('Server started\\n\\n');
        let at = 0;
        const next = () => { process.stdout.write(bytes.subarray(at, ++at)); if (at < bytes.length) setImmediate(next); };
        next();
        console.error('a note');
        process.stdin.resume();`,
        { args: [answer] },
      ),
    );
    expect(await session.text(0)).toBe(answer);
    await until('the note', () => upstreams?.logs('x').some((each) => each.stream === 'stderr') ?? false);
    const log = upstreams?.logs('x').map(({ stream, line }) => [stream, line]);
    expect(log).toContainEqual(['stdout', 'Server started']);
    expect(log).toContainEqual(['stderr', 'a note']);
  });

  test('a 5 MB message goes there and back', async () => {
    const session = await open(script(ECHO));
    const text = 'ü'.repeat(2_500_000);
    await session.connection.send(request(1, 'x', { text }));
    expect(await session.text(0)).toContain(text);
  });

  test('a message with line breaks arrives as one line', async () => {
    const session = await open(script(ECHO));
    const raw = Buffer.from('{"jsonrpc":"2.0",\n"id":1,\r\n"method":"ping"}');
    await session.connection.send(message({ jsonrpc: '2.0', id: 1, method: 'ping' }, raw));
    expect(session.got.length).toBe(0);
    expect(JSON.parse(await session.text(0))).toMatchObject({
      result: '{"jsonrpc":"2.0", "id":1,  "method":"ping"}',
    });
  });

  test('an answer over the limit, and one that is not valid, become errors for their requests', async () => {
    const session = await open(
      script(`
        process.stdin.once('data', () => {
          process.stdout.write(JSON.stringify({ result: 'x'.repeat(300000), jsonrpc: '2.0', id: 1 }) + '\\n');
          process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: 2, invalid: true }) + '\\n');
        });`),
      { messageBytes: 100_000 },
    );
    await Promise.all([1, 2, 3].map((id) => session.connection.send(request(id, 'x'))));
    expect(await session.text(0)).toMatch(/"id":1,"error":.*sent a message of 300\d+ bytes; at most 100000/);
    expect(await session.text(1)).toMatch(/"id":2,"error":.*not valid: marked as invalid/);
    expect(session.got).toHaveLength(2);
  });

  test('a slow receiver pauses the server, and a server that does not read pauses the sender', async () => {
    const connection = await one(
      script(`
        const line = JSON.stringify({ jsonrpc: '2.0', method: 'x', params: 'y'.repeat(10000) }) + '\\n';
        let sent = 0;
        const more = () => { while (sent < 1000) { sent++; if (!process.stdout.write(line)) return process.stdout.once('drain', more); } };
        more();
        setInterval(() => console.error('sent ' + sent), 20);`),
    ).connect('x');
    const gate = Promise.withResolvers<void>();
    let received = 0;
    connection.onMessage(() => {
      received++;
      return gate.promise;
    });
    const reports = (): string[] =>
      upstreams
        ?.logs('x')
        .filter((each) => each.stream === 'stderr')
        .map((each) => each.line) ?? [];
    await until('reports', (see) => see(reports().length) > 5);
    expect(received).toBe(1);
    expect(Number(reports().at(-1)?.split(' ')[1])).toBeLessThan(200);
    // It never reads its input: the pipe and the buffer fill, then sending waits.
    let handedOver = 0;
    for (let i = 0; i < 50; i++) {
      connection.send(message({ jsonrpc: '2.0', method: 'x', params: { text: 'z'.repeat(20_000) } })).then(
        () => handedOver++,
        () => {},
      );
    }
    await new Promise((done) => setTimeout(done, 50));
    expect(handedOver).toBeLessThan(25);
    gate.resolve();
    await until('all messages', () => received === 1000);
  });
});

describe('the end', () => {
  test('by end of input, in order, when the server follows it', async () => {
    const session = await open(script(`process.stdin.resume().on('end', () => process.exit(0))`));
    const [pid] = upstreams?.childPids() ?? [];
    await session.connection.close();
    expect(await session.closed()).toEqual({ message: 'The server "x" was stopped.', expected: true });
    expect(lives(pid as number)).toBe(false);
    await expect(session.connection.send(request(1, 'x'))).rejects.toMatchObject({ kind: 'unsent' });
  });

  test('by force for a whole group that ignores everything, grandchildren too', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const session = await open(
      script(
        `
        ${stubborn}
        const child = require('child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: ['ignore', 'inherit', 'inherit'] });
        console.log(JSON.stringify({ jsonrpc: '2.0', method: 'pids', params: [process.pid, child.pid] }));`,
        { args: [`console.error('ready');${stubborn}`] },
      ),
    );
    const { params } = JSON.parse(await session.text(0)) as { params: number[] };
    await until('the grandchild', () => upstreams?.logs('x').some((each) => each.line === 'ready') ?? false);
    expect(params.map(lives)).toEqual([true, true]);
    await session.connection.close();
    await until('both processes to be gone', () => !params.some(lives));
  });

  test('a server that dies leaves no grandchild, and its last lines are reported', async () => {
    const session = await open(
      script(`
        const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
        console.log(JSON.stringify({ jsonrpc: '2.0', method: 'pid', params: child.pid }));
        setTimeout(() => { console.error('out of cheese'); process.exit(7); }, 50);`),
    );
    const { params } = JSON.parse(await session.text(0)) as { params: number };
    const reason = await session.closed();
    expect(reason).toEqual({
      message: 'The server "x" ended with exit code 7. Its last lines: out of cheese',
      expected: false,
    });
    expect(upstreams?.health('x')).toEqual({ status: 'failed', text: reason.message, connections: 0 });
    await until('the grandchild to be gone', () => !lives(params));
  });

  test('the last answer of a server that ends is not lost, however slowly it is taken', async () => {
    const connection = await one(
      script(
        `for (let i = 0; i < 500; i++) console.log(JSON.stringify({ jsonrpc: '2.0', method: 'x', params: 'y'.repeat(2000) }));`,
      ),
    ).connect('x');
    let received = 0;
    const closed = Promise.withResolvers<CloseReason>();
    connection.onClose(closed.resolve);
    connection.onMessage(async () => {
      if (received++ === 0) await new Promise((done) => setTimeout(done, 700));
    });
    await closed.promise;
    expect(received).toBe(500);
  });

  test('a server that closes its input is ended', async () => {
    const session = await open(
      script(
        `require('fs').closeSync(0); console.log('{"jsonrpc":"2.0","method":"x"}'); setInterval(() => {}, 1000);`,
      ),
    );
    await session.text(0);
    await session.connection
      .send(request(1, 'x'))
      .catch((error: Error) => expect(error).toMatchObject({ kind: 'unsent' }));
    const reason = await session.closed();
    expect(reason.expected).toBe(false);
    expect(reason.message).toContain('no longer reads its input');
  });

  test('stopping while a server starts leaves nothing', async () => {
    const all = one(script(ECHO));
    const starting = all.connect('x');
    const refused = expect(starting).rejects.toThrow('was stopped or changed while it was being started');
    await all.stop();
    await refused;
    await expect(all.connect('x')).rejects.toThrow('Drawbridge is stopping');
  });
});

describe('the start', () => {
  test('a server gets its environment and nothing of ours', async () => {
    const server = script(
      `console.log(JSON.stringify({ jsonrpc: '2.0', method: 'env', params: process.env }))`,
      { env: { OWN: '1' } },
    );
    const env = {
      DRAWBRIDGE_TOKEN: 't',
      NODE_OPTIONS: '--no-warnings',
      ELECTRON_RUN_AS_NODE: '1',
      LD_PRELOAD: '',
      LANG: 'C',
    };
    const connection = await one(server, { env }).connect('x');
    const got: RpcMessage[] = [];
    connection.onMessage((each) => void got.push(each));
    await until('the environment', (see) => see(got.length) === 1);
    const names = Object.keys(got[0]?.value().params ?? {}).sort();
    expect(names).toEqual(['HOME', 'LANG', 'OWN', 'PATH', 'SHELL']);
  });

  test('a command that is missing is a sentence, and the health says so', async () => {
    const all = one({ kind: 'stdio', command: 'no-such-command', args: [], env: {}, secrets: [] });
    const changes: string[] = [];
    all.onChange(() => changes.push(all.health('x').status));
    await expect(all.connect('x')).rejects.toMatchObject({
      kind: 'unsent',
      message: expect.stringContaining(
        'The server "x" could not be started. The command "no-such-command" was not found.',
      ),
    });
    expect(all.health('x').status).toBe('failed');
    expect(changes).toEqual(['starting', 'failed']);
    await expect(all.connect('y')).rejects.toThrow('There is no server named "y"');
  });

  test('a script without an interpreter is a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drawbridge-start-'));
    const start = async (text: string): Promise<string> => {
      await writeFile(join(folder, 'server'), text);
      await chmod(join(folder, 'server'), 0o755);
      const all = one({ kind: 'stdio', command: join(folder, 'server'), args: [], env: {} });
      return all.connect('x').then(
        () => 'started',
        (error: Error) => error.message,
      );
    };
    expect(await start('#!/no/such/interpreter\n')).toContain(
      'the interpreter /no/such/interpreter, named in its first line, does not exist',
    );
    await rm(folder, { recursive: true });
  });

  test('one that ends at once is reported with code and last lines, without secrets', async () => {
    const session = await open(
      script(`console.error('bad key ' + process.env.API_KEY); process.exit(3)`, {
        env: { API_KEY: 'sk-canary' },
      }),
    );
    expect((await session.closed()).message).toBe(
      'The server "x" ended with exit code 3 at once, before it answered anything. Its last lines: bad key ••••',
    );
    expect(JSON.stringify(upstreams?.logs('x'))).not.toContain('canary');
  });

  test('one that dies three times at once is left alone for a while; a reset forgives', async () => {
    let now = 0;
    const clock = { ...realClock, now: () => 1000 + now, monotonic: () => now };
    const all = one(script(`console.error('no database'); process.exit(1)`), { clock });
    const die = async (): Promise<void> => {
      const connection = await all.connect('x');
      const closed = Promise.withResolvers<CloseReason>();
      connection.onMessage(() => {});
      connection.onClose(closed.resolve);
      expect((await closed.promise).expected).toBe(false);
    };
    for (let i = 0; i < 3; i++) await die();
    await expect(all.connect('x')).rejects.toMatchObject({
      kind: 'unsent',
      message: expect.stringMatching(
        /3 times in a row; it is started again in 2 seconds at the earliest\. Its last lines: .*no database/,
      ),
    });
    now += 2000;
    await die();
    await expect(all.connect('x')).rejects.toThrow('in 4 seconds');
    await all.reset('x');
    expect(all.health('x')).toEqual({ status: 'idle', text: null, connections: 0 });
    await die();
  });
});
