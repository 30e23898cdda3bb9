import { type ChildProcess, spawn } from 'node:child_process';
import { INITIALIZE, message, nextId, type Wire } from './wire.ts';

/** Up to this size an answer is parsed for its id; a larger one belongs to the oldest request. */
const SMALL = 4096;

/** Starts a program that speaks MCP on its pipes, and initializes it. */
export async function openStdio(
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Wire & { readonly process: ChildProcess }> {
  const child = spawn(command[0] as string, command.slice(1), { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<number, { resolve(raw: Buffer): void; reject(error: Error): void }>();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-2000);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values())
      reject(new Error(`${command.join(' ')} ended (${code}): ${errors}`));
  });
  let parts: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const piece = chunk.subarray(start, end);
      take(parts.length === 0 ? piece : Buffer.concat([...parts, piece]));
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  });
  const take = (line: Buffer): void => {
    let id: number | undefined;
    if (line.length > SMALL) id = waiting.keys().next().value;
    else {
      const parsed = JSON.parse(line.toString('utf8')) as { id?: number; method?: string };
      if (parsed.method === undefined) id = parsed.id;
    }
    if (id === undefined) return;
    waiting.get(id)?.resolve(line);
    waiting.delete(id);
  };
  const write = (body: Buffer): void => {
    child.stdin.cork();
    child.stdin.write(body);
    child.stdin.write('\n');
    child.stdin.uncork();
  };
  const wire = {
    process: child,
    request(body: Buffer): Promise<Buffer> {
      const id = Number(/"id":(\d+)/.exec(body.toString('latin1', 0, 64))?.[1]);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        write(body);
      });
    },
    async notify(body: Buffer) {
      write(body);
    },
    async close() {
      if (child.exitCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(timer);
    },
  };
  await wire.request(message(nextId(), 'initialize', INITIALIZE));
  await wire.notify(message(undefined, 'notifications/initialized'));
  return wire;
}
