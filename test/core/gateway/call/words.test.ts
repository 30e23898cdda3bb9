import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GATEWAY_RULES } from '../../../../main/core/gateway/call/gateway-rules.ts';
import { notRun } from '../../../../shared/text/model.ts';

const GATEWAY = join(import.meta.dirname, '../../../../main/core/gateway');
const RULES_FILE = 'call/gateway-rules.ts';

/** Names and words of the gateway's decisions stand in one place each, so that one file changes them. */
describe('words of decisions', () => {
  const files = globSync('**/*.ts', { cwd: GATEWAY }).map((name) => name.replaceAll('\\', '/'));
  const code = (name: string): string =>
    readFileSync(join(GATEWAY, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

  test('rule names of the gateway are written in one file only', () => {
    expect(code(RULES_FILE)).toMatch(/'gateway:/);
    const elsewhere = files.filter(
      (name) => name !== RULES_FILE && /['"`](?:gateway|approval|client|mode):[a-z]/.test(code(name)),
    );
    expect(elsewhere).toEqual([]);
  });

  test('no sentence of a denial is written in the gateway itself', () => {
    const words =
      /person at this machine|did not run|has not run|Trying again|The person |The client (?:hung|gave|cancelled)/;
    expect(notRun.denied('pay', 'No.', undefined, 0)).toMatch(words);
    expect(files.filter((name) => words.test(code(name)))).toEqual([]);
  });

  test('every rule says why in whole sentences', () => {
    const said = Object.values(GATEWAY_RULES).flatMap((rule) => (typeof rule === 'function' ? [] : [rule]));
    expect(said.length).toBeGreaterThan(3);
    for (const { reason } of [...said, GATEWAY_RULES.task(7), GATEWAY_RULES.task(undefined)])
      expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(GATEWAY_RULES.unlistable('files', 'It is gone.')).toEqual({
      rule: 'gateway:unlisted',
      reason: 'The tools of files could not be listed, so the call could not be judged: It is gone.',
    });
  });
});

describe('when trying again helps', () => {
  const at = Date.UTC(2026, 0, 1, 12);
  const again = (ms: number): string =>
    notRun.denied('pay', 'No.', at + ms, at).split('not a failure. ')[1] ?? '';

  test.each([
    [1, '2026-01-01T12:00:01Z', 'in 1 second'],
    [1001, '2026-01-01T12:00:02Z', 'in 2 seconds'],
    [119_000, '2026-01-01T12:01:59Z', 'in 119 seconds'],
    [120_000, '2026-01-01T12:02:00Z', 'in 2 minutes'],
    [3 * 3_600_000, '2026-01-01T15:00:00Z', 'in 3 hours'],
  ])('%i ms from now', (ms, time, wait) => {
    expect(again(ms)).toBe(`Trying again helps from ${time} on (${wait}).`);
  });
});

describe('what a model is told of a denial', () => {
  test('by arguments: others may be allowed; by a limit: when; else: that trying again is of no use', () => {
    expect(notRun.denied('pay', 'No.', undefined, 0, true)).toContain(
      'Other arguments that fit this rule may be allowed',
    );
    expect(notRun.denied('pay', 'No.', undefined, 0, true)).not.toContain('Trying again');
    expect(notRun.denied('pay', 'No.', 60_000, 0, true)).toContain('Trying again helps from');
    expect(notRun.denied('pay', 'No.', undefined, 0)).toContain('Trying again will not help.');
  });

  test('that all calls are stopped, and what to do, without words of the interface', () => {
    const all = notRun.raised('pay', undefined);
    expect(all).toContain('stopped all tool calls. ');
    expect(all).toContain('Do not call tools until they say');
    expect(notRun.raised('pay', 'bank')).toContain('stopped all tool calls to bank.');
    for (const text of [all, notRun.raised('pay', 'bank')]) expect(text).not.toMatch(/the bridge/i);
  });

  test('that a call waits: do other work, and repeat the identical call', () => {
    expect(notRun.pending('pay', 'ab12')).toMatch(/other work .* meanwhile, then repeat the identical call/);
  });
});
