import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Files } from '../../../../main/core/ports.ts';
import { until } from '../../../kit/until.ts';
import {
  GATEWAY,
  mappedFiles,
  memory,
  memoryClients,
  QuickClock,
  realClients,
  type Scratch,
  scratch,
} from '../kit.ts';

const CURSOR = '.cursor/mcp.json';
const CODE = '.claude.json';
const DESKTOP = '.config/Claude/claude_desktop_config.json';
const ONE =
  '{\n  "mcpServers": {\n    "one": {\n      "command": "/usr/bin/one",\n      "env": { "ONE_KEY": "canary-one" }\n    }\n  }\n}\n';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const of = (...args: Parameters<typeof memoryClients> extends [Scratch, ...infer R] ? R : never) =>
  memoryClients(home, ...args);

describe('files that are read and never written', () => {
  test.each([
    [
      'a comment in a file of Claude Code',
      'claude-code',
      CODE,
      '{\n  // hello\n  "mcpServers": {}\n}',
      'line 2, column 3',
    ],
    [
      'a trailing comma in a file of Claude Desktop',
      'claude-desktop',
      DESKTOP,
      '{\n  "mcpServers": {\n    "a": {"command": "x"},\n  }\n}',
      'line 4, column 3',
    ],
    [
      'a missing brace',
      'cursor',
      CURSOR,
      '{\n  "mcpServers": {\n    "a": {"command": "x"}\n',
      'line 4, column 1',
    ],
    [
      'a control character in a string',
      'cursor',
      CURSOR,
      '{"mcpServers": {"a\u0001": {}}}',
      'line 1, column',
    ],
    ['a list instead of an object', 'cursor', CURSOR, '\n[1]', 'line 2, column 1'],
    [
      'a byte order mark',
      'gemini-cli',
      '.gemini/settings.json',
      '\uFEFF{"mcpServers":{}}',
      'byte order mark',
    ],
    ['UTF-16', 'cursor', CURSOR, Buffer.from('\uFEFF{"mcpServers":{}}', 'utf16le'), 'UTF-8'],
    ['nesting without end', 'cursor', CURSOR, `${'['.repeat(200_000)}`, 'nested too deeply'],
  ])('%s', async (_what, client, place, text, says) => {
    home.write(place, text);
    const before = home.bytes(place);
    const clients = of(memory());
    const view = (await clients.scan()).find(({ id }) => id === client);
    expect(view?.state).toBe('problem');
    expect(view?.files[0]?.problem).toContain(says);
    const [plan] = await clients.plan([client], 'connect');
    expect(plan?.files[0]).toMatchObject({ diff: '', problem: expect.stringContaining(says) });
    const [result] = await clients.apply([client], 'connect');
    expect(result).toMatchObject({ ok: false, routed: [], message: expect.stringContaining(says) });
    expect(home.bytes(place).equals(before)).toBe(true);
  });

  test('one broken client does not stop the others', async () => {
    home.write(CODE, '{ broken');
    home.write(CURSOR, ONE);
    const results = await of(memory()).apply(['claude-code', 'cursor', 'claude-desktop'], 'connect');
    expect(results.map(({ ok }) => ok)).toEqual([false, true, true]);
    expect(home.read(CURSOR)).toContain('/s/one/mcp');
  });

  test.each([
    ['empty', ''],
    ['white space', ' \n\n'],
    ['no servers', '{ "theme": "dark" }'],
    ['servers that are none', '{ "mcpServers": null }'],
    ['an empty map', '{ "mcpServers": {} }'],
  ])('a file with nothing to route: %s', async (_what, text) => {
    home.write(CURSOR, text);
    const clients = of(memory());
    expect((await clients.scan()).find(({ id }) => id === 'cursor')).toMatchObject({
      state: 'no-servers',
      installed: true,
    });
    expect(await clients.apply(['cursor'], 'connect')).toMatchObject([
      { ok: true, routed: [], restart: null },
    ]);
    expect(home.read(CURSOR)).toBe(text);
  });

  test('a read-only file is refused, and the plan says so', async () => {
    chmodSync(home.write(CURSOR, ONE), 0o444);
    const clients = of(memory());
    const [plan] = await clients.plan(['cursor'], 'connect');
    expect(plan?.files[0]?.problem).toContain('read-only');
    expect(await clients.apply(['cursor'], 'connect')).toMatchObject([
      { ok: false, message: expect.stringContaining('read-only') },
    ]);
    expect(home.read(CURSOR)).toBe(ONE);
  });
});

describe('what stays of a file', () => {
  test('mode and link: the target is replaced, beside itself', async () => {
    const real = home.write('dotfiles/cursor.json', ONE);
    chmodSync(real, 0o640);
    mkdirSync(join(home.dir, '.cursor'));
    symlinkSync('../dotfiles/cursor.json', join(home.dir, CURSOR));
    const clients = of(memory());
    expect(await clients.apply(['cursor'], 'connect')).toMatchObject([{ ok: true, routed: ['one'] }]);
    expect(lstatSync(join(home.dir, CURSOR)).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readFileSync(real, 'utf8')).toContain(`${GATEWAY}/s/one/mcp`);
    await clients.restoreAll();
    expect(readFileSync(real, 'utf8')).toBe(ONE);
    expect(lstatSync(join(home.dir, CURSOR)).isSymbolicLink()).toBe(true);
  });

  test('fields that are not ours, in their order and spelling', async () => {
    home.write(
      CURSOR,
      '{"mcpServers":{"one":{"disabled":true,"command":"x","autoApprove":["a"],"big":12345678901234567890,"\\u0074imeout":1.50}}}',
    );
    await of(memory()).apply(['cursor'], 'connect');
    expect(home.read(CURSOR)).toContain(
      '"disabled":true,"autoApprove":["a"],"big":12345678901234567890,"timeout":1.50}',
    );
  });
});

describe('the same again, and changes in between', () => {
  test('connecting twice says so and writes nothing', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    await clients.apply(['cursor'], 'connect');
    const stat = statSync(join(home.dir, CURSOR));
    expect(await clients.apply(['cursor'], 'connect')).toMatchObject([
      { ok: true, routed: [], restart: null, message: 'Already routed; nothing was changed.' },
    ]);
    expect(statSync(join(home.dir, CURSOR)).ino).toBe(stat.ino);
  });

  test('a file that changed after the plan was shown is refused', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    const [plan] = await clients.plan(['cursor'], 'connect');
    const changed = ONE.replace('"one"', '"two"');
    home.write(CURSOR, changed);
    expect(await clients.apply(['cursor'], 'connect', { cursor: plan?.digest ?? '' })).toMatchObject([
      { ok: false, routed: [], message: expect.stringContaining('look at the new plan') },
    ]);
    expect(home.read(CURSOR)).toBe(changed);
  });

  test('a file that changes between reading and renaming is not overwritten; without a digest the plan is made again', async () => {
    home.write(CURSOR, ONE);
    let writes = 0;
    const files = new Proxy(fsPromises as Files, {
      get(target, name) {
        const fn = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        if (name !== 'open') return fn;
        return async (path: unknown, ...rest: unknown[]) => {
          const isTemporary = String(path).includes('.drawbridge-tmp-');
          if (isTemporary && writes++ === 0)
            home.write(CURSOR, home.read(CURSOR).replace('{\n', '{ "new": 1,\n'));
          return fn(path, ...rest);
        };
      },
    });
    const [result] = await of(memory(), { files }).apply(['cursor'], 'connect');
    expect(result).toMatchObject({ ok: true, routed: ['one'] });
    expect(writes).toBe(2);
    expect(home.read(CURSOR)).toMatch(/"new": 1[\s\S]*\/s\/one\/mcp/);
  });

  test('a client that writes its old settings right over ours is told of, and nothing counts as routed', async () => {
    home.write(CURSOR, ONE);
    const files = new Proxy(fsPromises as Files, {
      get(target, name) {
        const fn = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        if (name !== 'rename') return fn;
        return async (from: unknown, to: unknown) => {
          await fn(from, to);
          if (String(to).endsWith(CURSOR)) home.write(CURSOR, ONE);
        };
      },
    });
    const kept = memory();
    expect(await of(kept, { files }).apply(['cursor'], 'connect')).toMatchObject([
      { ok: false, routed: [], message: expect.stringContaining('another program') },
    ]);
    expect(await of(kept).scan()).toContainEqual(expect.objectContaining({ id: 'cursor', state: 'direct' }));
    expect([...kept.secrets.keys()].filter((name) => name.startsWith('journal/'))).toEqual([]);
  });

  test('a changed gateway address is written into entries that are ours already', async () => {
    home.write(CURSOR, ONE);
    const kept = memory();
    await of(kept).apply(['cursor'], 'connect');
    expect(
      await of(kept, { gatewayUrl: 'http://127.0.0.1:9000' }).apply(['cursor'], 'connect'),
    ).toMatchObject([{ ok: true, routed: ['one'] }]);
    expect(home.read(CURSOR)).toContain('http://127.0.0.1:9000/s/one/mcp');
    await of(kept).restoreAll();
    expect(home.read(CURSOR)).toBe(ONE);
  });
});

describe('undo', () => {
  test('entries come back; whatever else happened to the file stays', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    await clients.apply(['cursor'], 'connect');
    home.write(CURSOR, home.read(CURSOR).replace('{\n', '{\n  "added": true,\n'));
    expect(await clients.apply(['cursor'], 'disconnect')).toMatchObject([{ ok: true, restored: ['one'] }]);
    expect(home.read(CURSOR)).toBe(ONE.replace('{\n', '{\n  "added": true,\n'));
  });

  test('a file the client wrote again: the meaning comes back, in the file’s own layout', async () => {
    home.write(CODE, ONE.replace('"canary-one"', '"canary-one", "N": "12345678901234567890"'));
    const before = JSON.parse(home.read(CODE));
    const clients = of(memory());
    await clients.apply(['claude-code'], 'connect');
    home.write(CODE, JSON.stringify(JSON.parse(home.read(CODE)), null, '\t'));
    expect(await clients.scan()).toContainEqual(
      expect.objectContaining({ id: 'claude-code', state: 'routed' }),
    );
    await clients.apply(['claude-code'], 'disconnect');
    expect(home.read(CODE)).toBe(JSON.stringify(before, null, '\t'));
  });

  test('an entry that was removed stays removed', async () => {
    home.write(CURSOR, ONE);
    const kept = memory();
    await of(kept).apply(['cursor'], 'connect');
    home.write(CURSOR, '{"mcpServers":{}}');
    expect(await of(kept).restoreAll()).toMatchObject([
      { ok: true, restored: [], message: expect.stringContaining('stays removed') },
    ]);
    expect(home.read(CURSOR)).toBe('{"mcpServers":{}}');
    expect([...kept.secrets.keys()].filter((name) => name.startsWith('journal/'))).toEqual([]);
  });

  test('what a client or a person added to our entry is kept when it is put back', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    await clients.apply(['cursor'], 'connect');
    home.write(CURSOR, home.read(CURSOR).replace('"headers"', '"disabled": true,\n      "headers"'));
    expect(await clients.apply(['cursor'], 'disconnect')).toMatchObject([{ ok: true, restored: ['one'] }]);
    const { one } = JSON.parse(ONE).mcpServers;
    expect(JSON.parse(home.read(CURSOR)).mcpServers).toEqual({ one: { ...one, disabled: true } });
  });

  test('an entry whose way to the server was changed by hand is reported, and comes back only with restore --all', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    await clients.apply(['cursor'], 'connect');
    const edited = home.read(CURSOR).replace('/s/one/mcp"', '/s/one/mcp?mine"');
    home.write(CURSOR, edited);
    const view = (await clients.scan()).find(({ id }) => id === 'cursor');
    expect(view?.entries[0]).toMatchObject({ state: 'edited', server: 'one' });
    expect(await clients.apply(['cursor'], 'disconnect')).toMatchObject([
      { ok: true, restored: [], message: expect.stringContaining('changed by hand') },
    ]);
    expect(home.read(CURSOR)).toBe(edited);
    expect(await clients.restoreAll()).toMatchObject([{ ok: true, restored: ['one'] }]);
    expect(home.read(CURSOR)).toBe(ONE);
  });

  test('an entry the person replaced by one of their own is theirs', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    await clients.apply(['cursor'], 'connect');
    const own = '{"mcpServers":{"one":{"url":"https://one.example.com/mcp"}}}';
    home.write(CURSOR, own);
    expect(await clients.scan()).toContainEqual(expect.objectContaining({ id: 'cursor', state: 'direct' }));
    await clients.restoreAll();
    expect(home.read(CURSOR)).toBe(own);
    expect(await clients.restoreAll()).toEqual([]);
  });

  test('Claude Desktop dropping all its servers is no wish of the person', async () => {
    home.write(DESKTOP, ONE);
    const clients = of(memory());
    await clients.apply(['claude-desktop'], 'connect');
    home.write(DESKTOP, '{\n  "theme": "dark"\n}\n');
    expect(await clients.restoreAll()).toMatchObject([{ ok: true, restored: ['one'] }]);
    expect(JSON.parse(home.read(DESKTOP))).toEqual({ theme: 'dark', ...JSON.parse(ONE) });
  });

  test('a file that is away is not forgotten', async () => {
    home.write(CURSOR, ONE);
    const clients = of(memory());
    await clients.apply(['cursor'], 'connect');
    const routed = home.read(CURSOR);
    rmSync(join(home.dir, CURSOR));
    expect(await clients.restoreAll()).toMatchObject([{ ok: true, restored: [] }]);
    home.write(CURSOR, routed);
    expect(await clients.restoreAll()).toMatchObject([{ ok: true, restored: ['one'] }]);
    expect(home.read(CURSOR)).toBe(ONE);
  });

  test('the journal lost or broken: what stood there is still in the key store', async () => {
    for (const harm of [
      () => rmSync(join(home.data, 'journal.json')),
      () => home.write('data/journal.json', '{ half'),
    ]) {
      home.write(CURSOR, ONE);
      const kept = memory();
      await of(kept).apply(['cursor'], 'connect');
      harm();
      expect(await of(kept).restoreAll()).toMatchObject([{ ok: true, restored: ['one'] }]);
      expect(home.read(CURSOR)).toBe(ONE);
    }
  });

  test('a journal of a newer version is left alone', async () => {
    home.write(CURSOR, ONE);
    home.write('data/journal.json', '{"version":2,"entries":[]}');
    await expect(of(memory()).restoreAll()).rejects.toThrow('newer version');
    expect(home.read('data/journal.json')).toBe('{"version":2,"entries":[]}');
  });

  test('an original the key store lost is said, and the other entries come back', async () => {
    home.write(CURSOR, '{"mcpServers":{"a":{"command":"a"},"b":{"command":"b"}}}');
    const kept = memory();
    await of(kept).apply(['cursor'], 'connect');
    const journal = JSON.parse(home.read('data/journal.json')) as { entries: { id: string; name: string }[] };
    kept.secrets.delete(`journal/${journal.entries.find(({ name }) => name === 'a')?.id}`);
    const [result] = await of(kept).restoreAll();
    expect(result).toMatchObject({
      ok: false,
      restored: ['b'],
      message: expect.stringContaining('a cannot be put back'),
    });
    expect(JSON.parse(home.read(CURSOR)).mcpServers.b).toEqual({ command: 'b' });
  });
});

describe('Claude Code’s lock', () => {
  const lock = (): string => join(home.dir, `${CODE}.lock`);

  test('is taken beside the link while the file is written, refreshed, and given back', async () => {
    home.write(CODE, ONE);
    let held = false;
    let refreshed = false;
    const clock = new QuickClock();
    const files = new Proxy(fsPromises as Files, {
      get(target, name) {
        const fn = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (name === 'rename' && args[1] === join(home.dir, CODE)) {
            held = existsSync(lock());
            clock.tick();
          }
          if (name === 'utimes') refreshed = args[0] === lock();
          return fn(...args);
        };
      },
    });
    await of(memory(), { files, clock }).apply(['claude-code'], 'connect');
    expect({ held, refreshed, left: existsSync(lock()), timers: clock.repeating }).toEqual({
      held: true,
      refreshed: true,
      left: false,
      timers: 0,
    });
  });

  test('held by the client: nothing is written, and the server is not routed by half', async () => {
    home.write(CODE, ONE);
    mkdirSync(lock());
    const future = Date.now() / 1000 + 3600;
    utimesSync(lock(), future, future);
    const clients = of(memory());
    expect(await clients.apply(['claude-code'], 'connect')).toMatchObject([
      { ok: false, message: expect.stringContaining(lock()) },
    ]);
    expect(home.read(CODE)).toBe(ONE);
    expect(existsSync(lock())).toBe(true);
    expect(await clients.scan()).toContainEqual(
      expect.objectContaining({ id: 'claude-code', state: 'direct' }),
    );
  });

  test('left by a process that died: taken over', async () => {
    home.write(CODE, ONE);
    mkdirSync(lock());
    utimesSync(lock(), 1, 1);
    expect(await of(memory()).apply(['claude-code'], 'connect')).toMatchObject([{ ok: true }]);
    expect(existsSync(lock())).toBe(false);
  });
});

test('on Windows a file that is held open for a moment is tried again', async () => {
  home.write(`C/Users/ada/${CURSOR}`, ONE);
  let refusals = 3;
  const files = new Proxy(mappedFiles(home, ['C:\\']), {
    get(target, name) {
      const fn = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        if (name === 'rename' && String(args[1]).endsWith('mcp.json') && refusals > 0) {
          refusals -= 1;
          return Promise.reject(Object.assign(new Error('EBUSY'), { code: 'EBUSY' }));
        }
        return fn(...args);
      };
    },
  });
  const options = { files, platform: 'win32' as const, home: 'C:\\Users\\ada' };
  expect(await of(memory(), options).apply(['cursor'], 'connect')).toMatchObject([
    { ok: true, routed: ['one'] },
  ]);
  expect(refusals).toBe(0);
});

test('watching tells of a change once it is over, and stops', async () => {
  home.write(CURSOR, ONE);
  const clock = new QuickClock();
  let looks = 0;
  const stat = (async (path: string) => {
    const found = await fsPromises.stat(path);
    if (path.endsWith(CURSOR)) looks++;
    return found;
  }) as Files['stat'];
  const clients = of(memory(), { clock, files: { ...fsPromises, stat } });
  let told = 0;
  clients.watch(() => void told++);
  const look = async (): Promise<number> => {
    const before = looks;
    await until('a look at the file', () => {
      clock.tick();
      return looks > before;
    });
    return told;
  };
  await look();
  await look();
  expect(told).toBe(0);
  home.write(CURSOR, `${ONE} `);
  await expect.poll(look).toBe(1);
  for (let i = 0; i < 3; i++) expect(await look()).toBe(1);
  clients.stop();
  expect(clock.repeating).toBe(0);
});

test('secrets on a real key store are in no file in the clear', async () => {
  home.write(CURSOR, ONE);
  const { clients, identities } = await realClients(home);
  await clients.apply(['cursor'], 'connect');
  const token = await identities.tokenFor('cursor');
  for (const { path, bytes } of home.files()) {
    expect(bytes.includes('canary-one'), path).toBe(false);
    expect(bytes.includes(token), path).toBe(path.endsWith(CURSOR));
  }
  expect(statSync(join(home.data, 'journal.json')).mode & 0o777).toBe(0o600);
});
