import * as files from 'node:fs/promises';
import { homedir } from 'node:os';
import type { JsonObject, Parsed, RpcMessage } from '../../../main/core/codec/types.ts';
import type { LoginShell, ShellState } from '../../../main/core/login-shell/index.ts';
import type { Clock } from '../../../main/core/ports.ts';
import type { ResolvedServer, UpstreamDeps, UpstreamLimits } from '../../../main/core/upstream/types.ts';

export { until } from '../../kit/until.ts';

/** A lenient parser with the shape of the codec's: these tests are about transports. */
export function parse(bytes: Buffer): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return { ok: false, fault: { code: -32700, message: (error as Error).message, id: undefined } };
  }
  if (Array.isArray(value)) return { ok: true, batch: value.map((each) => message(each as JsonObject)) };
  if (typeof value !== 'object' || value === null) {
    return { ok: false, fault: { code: -32600, message: 'not an object', id: undefined } };
  }
  const object = value as JsonObject;
  if (object.invalid === true) {
    const id = JSON.stringify(object.id);
    return { ok: false, fault: { code: -32600, message: 'marked as invalid', id } };
  }
  return { ok: true, message: message(object, bytes) };
}

export function message(value: JsonObject, raw: Buffer = Buffer.from(JSON.stringify(value))): RpcMessage {
  const method = typeof value.method === 'string' ? value.method : undefined;
  const id = value.id === undefined ? undefined : JSON.stringify(value.id);
  return {
    raw,
    kind: method === undefined ? 'response' : id === undefined ? 'notification' : 'request',
    id,
    method,
    call: undefined,
    progressToken: undefined,
    meta: undefined,
    cancels: undefined,
    isError: value.error !== undefined,
    value: () => value,
  };
}

export const request = (id: number | string, method: string, params: JsonObject = {}): RpcMessage =>
  message({ jsonrpc: '2.0', id, method, params });

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
};

/** Time that moves only when a test moves it. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; fn: () => void }[] = [];
  now = (): number => this.#now;
  monotonic = (): number => this.#now;
  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }
  every(): () => void {
    throw new Error('not used here');
  }
  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.fn();
  }
}

export interface DepsOptions {
  readonly servers: Record<string, ResolvedServer>;
  readonly env?: Record<string, string>;
  readonly limits?: Partial<UpstreamLimits>;
  readonly clock?: Clock;
}

export function deps({ servers, env, limits, clock = realClock }: DepsOptions): UpstreamDeps {
  return {
    ports: {
      clock,
      files,
      log: () => {},
      machine: {
        platform: process.platform,
        home: homedir(),
        env: { PATH: process.env.PATH, HOME: homedir(), SHELL: '/bin/sh', ...env },
        bridge: { command: 'unused', args: [] },
      },
    },
    config: async (server) => servers[server],
    parse,
    limits: { stopStepMs: 200, ...limits },
  };
}

/** A login shell that has answered so. */
export function shellWith(state: Partial<ShellState>): LoginShell {
  const now: ShellState = {
    shell: '/bin/sh',
    status: 'answered',
    path: process.env.PATH,
    variable: () => undefined,
    detail: '',
    problem: null,
    fix: null,
    ...state,
  };
  return { now, look: async () => now, again: async () => now, onChange: () => {}, stop: () => {} };
}

/** A server that is a Node script given as text. */
export function script(
  code: string,
  more: { env?: Record<string, string>; args?: string[] } = {},
): ResolvedServer {
  return {
    kind: 'stdio',
    command: process.execPath,
    args: ['-e', code, ...(more.args ?? [])],
    env: more.env ?? {},
    secrets: [],
  };
}
