// @module-tag slow
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memory, memoryClients, realClients, type Scratch, scratch } from '../kit.ts';
import { sample } from '../steps-kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const at = (place: string): string => {
  const path = join(home.dir, place);
  mkdirSync(dirname(path), { recursive: true });
  return path;
};
const ENTRY = '{"mcpServers":{"one":{"command":"/usr/bin/one"}}}';

/** What can stand where a file should. Opening some of them waits for ever. */
const KINDS: Readonly<Record<string, (path: string) => unknown>> = {
  'a named pipe': (path) => void execFileSync('mkfifo', [path]),
  'a link to a named pipe': (path) => {
    execFileSync('mkfifo', [`${path}.pipe`]);
    symlinkSync(`${path}.pipe`, path);
  },
  'a socket': async (path) => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(path, done));
    server.unref();
    return () => server.close();
  },
  'a device': (path) => symlinkSync('/dev/zero', path),
  'a folder': (path) => void mkdirSync(path),
  'a link in a circle': (path) => symlinkSync(path, path),
};

describe.each(Object.keys(KINDS))('%s', (kind) => {
  test('in the place of a client’s file is said, and the others go on', async () => {
    const { place } = sample('codex');
    await KINDS[kind]?.(at(place));
    home.write('.cursor/mcp.json', ENTRY);
    const { clients } = await realClients(home);
    const views = await clients.scan();
    const file = views.find(({ id }) => id === 'codex')?.files[0];
    expect(file?.problem).toMatch(/ is a /);
    expect(file?.problem).not.toMatch(/: /);
    const findings = await clients.diagnose();
    expect(findings).toContainEqual(expect.objectContaining({ client: 'codex', ok: false }));
    expect(await clients.apply(['codex', 'cursor'], 'connect')).toMatchObject([
      { client: 'codex', ok: false, message: expect.stringContaining(place) },
      { client: 'cursor', ok: true, routed: ['one'] },
    ]);
    expect(await clients.restoreAll()).toMatchObject([{ ok: true, restored: ['one'] }]);
  });

  test('where an organisation, a project, a package or an entry has a file', async () => {
    const make = async (place: string): Promise<void> => {
      await KINDS[kind]?.(at(place));
    };
    const project = join(home.dir, 'project');
    home.write(
      '.claude.json',
      JSON.stringify({ mcpServers: { one: { command: 'one' } }, projects: { [project]: {} } }),
    );
    await make('project/.mcp.json');
    await make('.config/Claude/Claude Extensions/x/manifest.json');
    await make('secret.env');
    home.write(
      '.cursor/mcp.json',
      `{"mcpServers":{"one":{"command":"one","envFile":${JSON.stringify(join(home.dir, 'secret.env'))}}}}`,
    );
    await make('.gemini/antigravity');
    const clients = memoryClients(home, memory());
    const views = await clients.scan();
    expect(views.find(({ id }) => id === 'claude-code')?.state).toBe('direct');
    expect(views.find(({ id }) => id === 'cursor')?.entries[0]?.reason).toMatch(
      /secret\.env, which cannot be read: it is a/,
    );
    expect(await clients.apply(['claude-code'], 'connect')).toMatchObject([{ ok: true }]);
  });

  test('in the data folder: said with its path', async () => {
    await KINDS[kind]?.(at('data/journal.json'));
    await expect(memoryClients(home, memory()).restoreAll()).rejects.toThrow(/journal\.json is a/);
  });
});
