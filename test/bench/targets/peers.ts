import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openHttp } from '../client/http.ts';
import { openStdio } from '../client/stdio.ts';
import { stop } from '../process.ts';
import { STDIO_SERVER } from './direct.ts';
import type { Target, TargetOptions } from './types.ts';

const VERSIONS: Record<string, string> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'peers.json'), 'utf8'),
);

/** Installs the peers, in exactly the versions of peers.json, into a cache folder; never into this project. */
export async function installPeers(): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(VERSIONS)).digest('hex').slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drawbridge-test', 'peers');
  const dir = join(cache, key);
  if (existsSync(dir)) return dir;
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, 'partial-'));
  writeFileSync(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies: VERSIONS }));
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: partial,
    });
    renameSync(partial, dir);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  return dir;
}

export function versionOf(peer: string): string {
  return VERSIONS[peer] as string;
}

function programOf(dir: string, peer: string): string {
  const folder = join(dir, 'node_modules', peer);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : (bin[peer] ?? Object.values(bin)[0]);
  if (file === undefined) throw new Error(`${peer} has no program.`);
  return join(folder, file);
}

export async function mcpProxy(dir: string, { tools }: TargetOptions): Promise<Target> {
  const port = await freePort();
  const words = ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--'];
  const server = [process.execPath, STDIO_SERVER, String(tools)];
  return serving('mcp-proxy', port, [process.execPath, programOf(dir, 'mcp-proxy'), ...words, ...server]);
}

export async function supergateway(dir: string, { tools }: TargetOptions): Promise<Target> {
  const port = await freePort();
  const words = [
    '--outputTransport',
    'streamableHttp',
    '--stateful',
    '--port',
    String(port),
    '--logLevel',
    'none',
  ];
  const server = ['--stdio', `${process.execPath} ${STDIO_SERVER} ${tools}`];
  return serving('supergateway', port, [
    process.execPath,
    programOf(dir, 'supergateway'),
    ...words,
    ...server,
  ]);
}

async function serving(name: string, port: number, command: string[]): Promise<Target> {
  const home = mkdtempSync(join(tmpdir(), 'bench-peer-'));
  const { child } = await startListening(command, { ...process.env, HOME: home }, port);
  return {
    name,
    what: `client → ${name} ${versionOf(name)} → stdio server`,
    pid: child.pid,
    open: () => openHttp({ url: `http://127.0.0.1:${port}/mcp` }),
    async stop() {
      await stop(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The other direction: a stdio client's way to an HTTP server. */
export function mcpRemote(dir: string, url: string) {
  const home = mkdtempSync(join(tmpdir(), 'bench-peer-'));
  const command = [
    process.execPath,
    programOf(dir, 'mcp-remote'),
    url,
    '--allow-http',
    '--transport',
    'http-only',
  ];
  const env = { ...process.env, HOME: home, MCP_REMOTE_CONFIG_DIR: home };
  return {
    open: () => openStdio(command, env),
    stop: () => rmSync(home, { recursive: true, force: true }),
  };
}

async function startListening(command: string[], env: NodeJS.ProcessEnv, port: number) {
  const child = spawn(command[0] as string, command.slice(1), { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const until = Date.now() + 30_000;
  for (;;) {
    const open = await new Promise<boolean>((done) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => done(false));
    });
    if (open) return { child };
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(`${command.join(' ')} does not listen: ${said}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}
