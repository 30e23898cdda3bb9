// @module-tag slow
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAudit, tempFolder } from './helpers.ts';

/** Runs the appender until it has told `count` numbers more, then kill -9; gives the last number it told. */
async function appendAndKill(dir: string, count: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'appender.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let text = '';
  let lines = 0;
  for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    lines += chunk.split('\n').length - 1;
    if (lines >= count) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  expect(signal).toBe('SIGKILL');
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
}

test('kill -9 while calls are recorded: nothing told is lost, no gap, no false alarm', async () => {
  const dir = tempFolder();
  for (const count of [1, 300, 1_500, 4_000]) {
    const last = await appendAndKill(dir, count);
    const { audit, logged } = openAudit(dir);
    expect(logged).toEqual([]);
    const verdict = audit.verify();
    expect(verdict).toMatchObject({ ok: true, fault: null });
    expect(verdict.entries).toBeGreaterThanOrEqual(last);
    expect(audit.detail(last)).toMatchObject({ tool: 'read_file' });
    const rows = audit.page({ limit: 1000 });
    expect(rows.map((row) => row.status)).not.toContain('running');
    expect(rows.map((row) => row.status)).toContain('lost');
    audit.close();
  }
});
