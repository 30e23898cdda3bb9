import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The conformance fixture over Streamable HTTP, in a process of its own. */
export async function startFixture(): Promise<{ url: string; end(): Promise<void> }> {
  const child = spawn(process.execPath, [resolve('test/fixtures/servers/conformance/http.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async end() {
      child.stdin.end();
      await gone;
    },
  };
}
