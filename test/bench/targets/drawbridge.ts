import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CORE_NODE_FLAGS } from '../../../main/host/node/core-flags.ts';
import { openHttp } from '../client/http.ts';
import { openStdio } from '../client/stdio.ts';
import { startUntil, stop } from '../process.ts';
import { stdioServer } from './direct.ts';
import type { Target, TargetOptions } from './types.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const CLI = join(root, 'out', 'main', 'cli.js');
const BRIDGE = join(root, 'out', 'main', 'bridge.js');

/**
 * What a cautious person would write: every part of the language that is looked at for each call. The limits are far away,
 * but they are counted and kept on disk like any other.
 */
const POLICY = {
  version: '1',
  default: 'allow',
  hide: ['delete_*'],
  all_tools: { limits: [{ counter: 'calls', window: 'hour', max: 100_000_000, scope: 'client' }] },
  tools: {
    echo: {
      deny_if: [{ conditions: [{ path: 'args.text', op: 'contains', value: 'forbidden' }] }],
      require: [
        { path: 'args.n', op: 'gte', value: 0 },
        { path: 'args.label', op: 'regex', value: '^[a-z0-9 ]*$' },
      ],
      limits: [{ window: 'minute', max: 10_000_000 }],
      ask_if: [{ conditions: [{ path: 'args.urgent', op: 'exists' }] }],
    },
    'send_*': { action: 'ask' },
  },
};

export interface DrawbridgeTarget extends Target {
  /** A stdio client's way in: the bridge in front of the gateway. */
  openBridge(): ReturnType<typeof openStdio>;
  readonly bridgeCommand: readonly string[];
  readonly bridgeEnv: NodeJS.ProcessEnv;
  /** Whether the record is whole, and how many entries it has. */
  verify(): Promise<{ ok: boolean; entries: number; message: string }>;
}

/** A headless core from the built bundle, as `npm start` runs it, with policy enforced and the audit on. */
export async function drawbridge(options: TargetOptions): Promise<DrawbridgeTarget> {
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
  const data = join(home, 'data');
  const env = { HOME: home, PATH: process.env.PATH, DRAWBRIDGE_DATA: data, SHELL: '/bin/sh' };
  const words = ['serve', '--json', '--no-open', '--port', '0', '--ui-port', '0'];
  const command = [process.execPath, ...CORE_NODE_FLAGS, ...options.nodeWords, CLI, ...words];
  const { child, line } = await startUntil(command, env, (text) => text.startsWith('{'));
  const { gateway } = JSON.parse(line) as { gateway: string };
  const run = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { env });
    return stdout.trim();
  };
  await run('servers', 'add', 'bench', '--', ...stdioServer(options));
  const policy = join(home, 'policy.json');
  writeFileSync(policy, JSON.stringify(POLICY));
  await run('policy', 'set', 'bench', policy);
  const token = await run('token', 'bench-client');
  const bridgeCommand = [process.execPath, BRIDGE, 'bench'];
  const bridgeEnv = { ...env, DRAWBRIDGE_TOKEN: token };
  return {
    name: 'Drawbridge',
    what: 'client → gateway (policy, limits, audit) → stdio server',
    pid: child.pid,
    open: () => openHttp({ url: `${gateway}/s/bench/mcp`, token }),
    openBridge: () => openStdio(bridgeCommand, bridgeEnv),
    bridgeCommand,
    bridgeEnv,
    verify: async () => JSON.parse(await run('audit', 'verify', '--json')),
    async stop() {
      await stop(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
