import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResolvedServer } from '../../../main/core/upstream/types.ts';
import { HTTP_MODES } from '../../fixtures/servers/faults/http-modes.ts';
import { STDIO_MODES } from '../../fixtures/servers/faults/stdio-modes.ts';
import { CLIENTS, direct, routed } from './faults-kit.ts';

/** Servers on stdio with one fault each, as over HTTP. */

const SCRIPT = join(import.meta.dirname, '../../fixtures/servers/faults/stdio-server.ts');
const cases = CLIENTS.flatMap((kind) => Object.keys(STDIO_MODES).map((mode) => [mode, kind] as const));

test.each(cases)('%s, with %s', async (mode, kind) => {
  const expected = STDIO_MODES[mode]?.routed;
  const server: ResolvedServer = { kind: 'stdio', command: process.execPath, args: [SCRIPT, mode], env: {} };
  const through = await routed(kind, server);
  if (expected instanceof RegExp) expect(through).toMatch(expected);
  else if (expected === 'works' || (await direct(kind, server)) === 'works') expect(through).toBe('works');
});

test('each mode is in the table of the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/wire.md'), 'utf8');
  for (const [kind, modes] of [
    ['HTTP', HTTP_MODES],
    ['stdio', STDIO_MODES],
  ] as const) {
    const rows = page.split('\n').filter((row) => row.startsWith(`| ${kind} `));
    const listed = rows.map((row) => row.split('|').map((cell) => cell.trim()));
    expect(listed.map(([, , mode, about]) => [mode, about])).toEqual(
      Object.entries(modes).map(([name, { about }]) => [`\`${name}\``, about]),
    );
  }
});
