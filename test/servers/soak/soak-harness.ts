import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import type { GatewayLimits } from '../../../main/core/gateway/types.ts';
import { createUpstreams } from '../../../main/core/upstream/index.ts';
import type { ResolvedServer, UpstreamLimits, Upstreams } from '../../../main/core/upstream/types.ts';
import { nodePorts } from '../../../main/host/node/node-ports.ts';
import { gatewayWithFakes, type Parts, tool } from '../../fakes/gateway-parts.ts';
import { open } from '../../fakes/raw-client.ts';

/** The short form belongs to every test run; DRAWBRIDGE_NIGHTLY=1 asks for the long one. */
export const NIGHTLY = process.env.DRAWBRIDGE_NIGHTLY === '1';
export const MB = 1024 * 1024;

const servers = join(import.meta.dirname, '../../fixtures/servers');
const TOOLS = [
  'echo',
  'slow',
  'never',
  'progress',
  'log',
  'flood',
  'length',
  'big',
  'pid',
  'endless',
  'half',
  'deaf',
  'ask',
];

export interface Soak {
  readonly parts: Parts;
  readonly upstreams: Upstreams;
  /** What the HTTP server counts. */
  counts(): Promise<{ sessions: number; streams: number }>;
  stop(): Promise<void>;
}

/** A gateway of this process before one real server: a child over stdio, or Streamable HTTP answering JSON or streams. */
export async function soak(
  kind: 'stdio' | 'json' | 'sse',
  limits: { gateway?: Partial<GatewayLimits>; upstream?: Partial<UpstreamLimits> } = {},
): Promise<Soak> {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-soak-'));
  const tools = join(dir, 'tools.json');
  writeFileSync(tools, JSON.stringify(TOOLS.map((name) => tool(name))));
  let http: ChildProcess | undefined;
  let config: ResolvedServer = {
    kind: 'stdio',
    command: process.execPath,
    args: [join(servers, 'kit.ts'), tools],
    env: {},
  };
  if (kind !== 'stdio') {
    http = spawn(process.execPath, [join(servers, 'kit-http.ts'), tools], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, KIT_ANSWER: kind },
    });
    const line = await new Promise<string>((done) =>
      http?.stdout?.once('data', (part) => done(String(part))),
    );
    const { port } = JSON.parse(line) as { port: number };
    config = { kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} };
  }
  const upstreams = createUpstreams({
    ports: nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} }),
    parse: parseFromServer,
    config: async () => config,
    limits: { stopStepMs: 500, ...limits.upstream },
  });
  const parts = await gatewayWithFakes({ upstreams, ...(limits.gateway ? { limits: limits.gateway } : {}) });
  parts.maxMessageBytes = 64 * MB;
  return {
    parts,
    upstreams,
    async counts() {
      if (config.kind === 'stdio') throw new Error('Only the HTTP server counts.');
      const answer = await open(new URL('/kit/sessions', String(config.url)).href, {
        method: 'GET',
        raw: true,
      });
      const body = await answer.head;
      let text = '';
      for await (const part of body) text += String(part);
      return JSON.parse(text) as { sessions: number; streams: number };
    },
    async stop() {
      await parts.stop();
      await upstreams.stop();
      http?.kill();
      rmSync(dir, { recursive: true });
    },
  };
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Bytes in use after everything that can go is gone: the heap and what lies outside it (buffers). */
export async function inUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((done) => setImmediate(done));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How many of each kind of thing keep this process going: sockets, timers, pipes, children. */
export function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Rejects when something takes longer than `ms`: nobody may hang. */
export function within<T>(ms: number, what: Promise<T>): Promise<T> {
  return Promise.race([
    what,
    sleep(ms).then(() => {
      throw new Error(`It took longer than ${ms} ms.`);
    }),
  ]);
}
