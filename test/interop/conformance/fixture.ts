import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { node, root } from '../kit.ts';

const folder = join(root, 'test/fixtures/servers/conformance');

/** The command that starts the fixture server over stdio. */
export const STDIO: readonly string[] = [node, join(folder, 'stdio.ts')];

export interface Fixture {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the fixture server over Streamable HTTP. */
export async function startFixture(...args: string[]): Promise<Fixture> {
  const child = spawn(node, [join(folder, 'http.ts'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    ended.then(([code]) => {
      throw new Error(`The fixture server ended at once with code ${code}.`);
    }),
  ]);
  const { port } = JSON.parse(line) as { port: number };
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
