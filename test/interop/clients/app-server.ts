import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface ServerStatus {
  readonly name: string;
  readonly tools: Readonly<Record<string, unknown>>;
}

/**
 * Asks Codex which servers it reached: its `mcp list` does not connect, its app server does.
 * @returns one line a server: its name and how many tools it listed
 */
export async function codexStatus(program: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, ['app-server'], { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  try {
    send({
      id: 1,
      method: 'initialize',
      params: { clientInfo: { name: 'drawbridge-test', title: 'Test', version: '1' } },
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { id?: number; result?: { data: ServerStatus[] }; error?: object };
      if (message.error) throw new Error(`Codex answered ${line}`);
      if (message.id === 1) {
        send({ method: 'initialized' });
        send({ id: 2, method: 'mcpServerStatus/list', params: {} });
      }
      if (message.id === 2)
        return (message.result?.data ?? [])
          .map(({ name, tools }) => `${name}: ${Object.keys(tools).length} tools`)
          .join('\n');
    }
    throw new Error('Codex ended without telling its servers.');
  } finally {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  }
}
