import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { isAlive, readCoreFile, writeCoreFile } from '../../../main/host/data-folder/core-file.ts';
import { until } from '../../core/upstream/helpers.ts';
import { FAKE_TOKEN } from '../../fakes/fake-gateway.ts';

/** A bridge in a process of its own, as a client starts it. */
export class Bridge {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Lines of standard output, as they came. */
  readonly lines: string[] = [];
  stderr = '';
  exit: number | null | undefined;

  constructor(script: string, words: readonly string[], dataDir: string, env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [script, ...words, '--data', dataDir], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HOME: dataDir,
        DRAWBRIDGE_TOKEN: FAKE_TOKEN,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let rest: string[] = [];
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const [first = '', ...more] = text.split('\n');
      rest.push(first);
      for (const each of more) {
        this.lines.push(rest.join(''));
        rest = [each];
      }
    });
    this.child.stdin.on('error', () => {});
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.on('close', (code) => {
      this.exit = code;
    });
  }

  send(message: object | string): void {
    this.child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  }

  /** Sends a request and gives the line of its answer. */
  async ask(id: number, method: string, params: object = {}): Promise<string> {
    this.send({ jsonrpc: '2.0', id, method, params });
    return this.answer(id);
  }

  async answer(id: number): Promise<string> {
    const found = (): string | undefined =>
      this.lines.find((line) => {
        const message = JSON.parse(line) as { id?: number; method?: string };
        return message.id === id && message.method === undefined;
      });
    await until(`an answer to ${id}; stderr: ${this.stderr}`, () => found() !== undefined);
    return found() as string;
  }

  async initialize(): Promise<string> {
    const answer = await this.ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {} });
    this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer;
  }

  /** Closes standard input and waits for the end. */
  async end(): Promise<number | null> {
    this.child.stdin.end();
    await until('the bridge to end', () => this.exit !== undefined);
    return this.exit ?? null;
  }
}

/** A data folder with what runs for it; {@link Scene.clear} ends all of it. */
export class Scene {
  readonly dataDir: string;
  readonly #bridges: Bridge[] = [];
  private constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  static async make(): Promise<Scene> {
    return new Scene(await mkdtemp(join(tmpdir(), 'drawbridge-bridge-')));
  }

  /** Starts a bridge whose core would be the fake one. */
  bridge(
    env: Record<string, string> = {},
    script = 'test/fakes/bridge-with-fake-core.ts',
    words: readonly string[] = ['files'],
  ): Bridge {
    const bridge = new Bridge(resolve(script), words, this.dataDir, env);
    this.#bridges.push(bridge);
    return bridge;
  }

  /** Says that a core runs at an address. */
  announce(gateway: string, pid = process.pid): void {
    const startedAt = Date.now();
    writeCoreFile(this.dataDir, {
      pid,
      gateway,
      control: 'ws://127.0.0.1:9',
      ui: null,
      token: 'control',
      host: 'headless',
      startedAt,
    });
  }

  /** Process ids of the cores that bridges started. */
  starts(): number[] {
    const file = join(this.dataDir, 'starts');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[0]));
  }

  async clear(): Promise<void> {
    for (const { child, exit } of this.#bridges) if (exit === undefined) child.kill('SIGKILL');
    for (const pid of this.starts()) if (isAlive(pid)) process.kill(pid, 'SIGTERM');
    await until('the started cores to end', () => this.starts().every((pid) => !isAlive(pid)));
    await rm(this.dataDir, { recursive: true, force: true });
  }

  corePid(): number {
    return readCoreFile(this.dataDir)?.pid ?? -1;
  }
}
