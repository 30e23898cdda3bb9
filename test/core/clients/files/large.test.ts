// @module-tag slow
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../main/host/node/node-ports.ts';
import { memory, memoryClients, type Scratch, scratch } from '../kit.ts';
import { largeClaudeFile } from './large-file.ts';

const CODE = '.claude.json';

let home: Scratch;
let writer: ChildProcess | undefined;
beforeEach(() => {
  home = scratch();
});
afterEach(() => {
  writer?.kill('SIGKILL');
  home.remove();
});

const counterOf = (text: string): number => Number(/"numStartups": (\d+)/.exec(text)?.[1]);
const atZero = (text: string): string => text.replace(/"numStartups": \d+/, '"numStartups": 0');

test('40 MB that Claude Code writes all the time: routed and put back, and neither loses a change', async () => {
  const before = largeClaudeFile(40_000_000);
  const path = home.write(CODE, before);
  const script = join(import.meta.dirname, 'writer-child.ts');
  const running = spawn(process.execPath, [script, path, '1000'], { stdio: ['pipe', 'pipe', 'inherit'] });
  writer = running;
  const said = textOf(running.stdout);
  await expect.poll(() => counterOf(home.read(CODE))).toBeGreaterThan(0);

  const clients = memoryClients(home, memory(), { clock: systemClock });
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work;
    console.info(`40 MB: ${what} in ${Math.round(performance.now() - from)} ms`);
    return result;
  };
  const [plan] = await timed('planned', clients.plan(['claude-code'], 'connect'));
  expect(plan?.files[0]?.entries).toHaveLength(2);
  expect(await timed('connected', clients.apply(['claude-code'], 'connect'))).toMatchObject([
    { ok: true, routed: ['one', 'two'] },
  ]);
  expect(home.read(CODE)).toContain('/s/one/mcp');
  const between = counterOf(home.read(CODE));
  await expect.poll(() => counterOf(home.read(CODE))).toBeGreaterThan(between);
  expect(home.read(CODE)).toContain('/s/one/mcp');
  expect(await timed('put back', clients.apply(['claude-code'], 'disconnect'))).toMatchObject([
    { ok: true, restored: ['one', 'two'] },
  ]);

  running.stdin.end();
  const counted = Number(await said);
  const after = home.read(CODE);
  expect(counterOf(after)).toBe(counted);
  expect(counted).toBeGreaterThan(2);
  expect(atZero(after) === before).toBe(true);
}, 120_000);
