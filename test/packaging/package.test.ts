import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCoreFile } from '../../main/host/data-folder/core-file.ts';
import { shellPaths } from '../../main/shell/paths.ts';
import { findElectron } from '../../scripts/electron-dist.ts';
import { alive, root, scratchHome, until } from '../interop/kit.ts';

const run = promisify(execFile);
const builder = join(root, 'node_modules/electron-builder/cli.js');
let work: string;
let app: string;
let resources: string;

beforeAll(async () => {
  const dist = await findElectron({ allowStandIn: true });
  if (!dist) throw new Error('There is no Electron to pack, and no stand-in for this machine.');
  work = await mkdtemp(join(tmpdir(), 'drawbridge-pack-'));
  // A plain distribution: the stand-in also holds an app, which a real one does not.
  await cp(dist, join(work, 'electron'), { recursive: true });
  await rm(join(work, 'electron', 'resources', 'app'), { recursive: true, force: true });
  await run(
    process.execPath,
    [
      builder,
      '--linux',
      'dir',
      `-c.electronDist=${join(work, 'electron')}`,
      `-c.directories.output=${join(work, 'dist')}`,
    ],
    { cwd: root },
  );
  app = join(work, 'dist', 'linux-unpacked');
  resources = join(app, 'resources');
}, 300_000);
afterAll(() => rm(work, { recursive: true, force: true }));

describe('the package', () => {
  test('has its fuses set: no Node, no inspector, no file pages, only its own archive', async () => {
    const wire = await getCurrentFuseWire(join(app, 'drawbridge-app'));
    const state = (fuse: FuseV1Options): string | undefined => FuseState[wire[fuse] as unknown as number];
    expect({
      RunAsNode: state(FuseV1Options.RunAsNode),
      NodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      Inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
      FileProtocol: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
      AsarIntegrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      OnlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
      CookieEncryption: state(FuseV1Options.EnableCookieEncryption),
    }).toEqual({
      RunAsNode: 'DISABLE',
      NodeOptions: 'DISABLE',
      Inspect: 'DISABLE',
      FileProtocol: 'DISABLE',
      AsarIntegrity: 'ENABLE',
      OnlyAsar: 'ENABLE',
      CookieEncryption: 'ENABLE',
    });
  });
  test('holds what the shell looks for, and no node_modules, sources or tests', () => {
    const files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((file) =>
      file.replace(/^\//, ''),
    );
    const paths = shellPaths('', resources, 'linux');
    for (const wanted of [
      'package.json',
      'out/main/index.js',
      paths.coreProcess,
      paths.preload,
      join(paths.renderer, 'index.html'),
      paths.windowIcon,
      ...['idle', 'waiting', 'raised', 'problem'].flatMap((state) => [
        join(paths.trayIcons, `${state}.png`),
        join(paths.trayIcons, `${state}Template@2x.png`),
      ]),
    ])
      expect(files).toContain(wanted);
    expect(
      files.filter((file) => /^(node_modules|test|scripts|main|shared|renderer|docs)(\/|$)/.test(file)),
    ).toEqual([]);
    expect(existsSync(join(resources, 'app'))).toBe(false);
    expect(existsSync(join(resources, 'default_app.asar'))).toBe(false);
  });
  test('brings the Node and the programs that clients start', async () => {
    const { command, args } = shellPaths('', resources, 'linux').bridge;
    const [bridge] = args as [string];
    const { version } = createRequire(import.meta.url)('node/package.json') as { version: string };
    expect((await run(command, ['--version'])).stdout.trim()).toBe(`v${version}`);
    const home = scratchHome();
    const cli = join(resources, 'headless', 'out', 'main', 'cli.js');
    try {
      expect((await run(command, [cli, '--version'], { env: home.env })).stdout).toMatch(/\d+\.\d+\.\d+/);
      // The whole chain that a client starts: bridge, core, gateway; a made-up token is refused by the gateway itself.
      const child = spawn(command, [bridge, 'none'], {
        env: { ...home.env, DRAWBRIDGE_TOKEN: 'no-such-token' },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      child.stdin.write(
        `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } } })}\n`,
      );
      await expect.poll(() => output).toMatch(/"id":1.*"error"/);
      expect(output).toMatch(/token/i);
      child.kill();
    } finally {
      const core = readCoreFile(home.data);
      if (core && alive(core.pid)) {
        process.kill(core.pid, 'SIGTERM');
        await until('the end of the core', () => !alive(core.pid));
      }
      home.remove();
    }
  });
});
