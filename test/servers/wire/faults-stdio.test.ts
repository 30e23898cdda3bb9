import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResolvedServer } from '../../../main/core/upstream/types.ts';
import { HTTP_MODES } from '../../fixtures/servers/faults/http-modes.ts';
import { OAUTH_MODES } from '../../fixtures/servers/faults/oauth-modes.ts';
import { STDIO_MODES } from '../../fixtures/servers/faults/stdio-modes.ts';
import { CLIENTS, direct, judge, routed, routedWhenUsed } from './faults-kit.ts';

/** Servers on stdio with one fault each, as over HTTP. */

const SCRIPT = join(import.meta.dirname, '../../fixtures/servers/faults/stdio-server.ts');
const cases = CLIENTS.flatMap((client) =>
  Object.entries(STDIO_MODES).map(([mode, expected]) => [mode, client, expected] as const),
);

describe.concurrent('each server', () => {
  test.each(cases)('%s, with %s', async (mode, client, expected) => {
    const server: ResolvedServer = {
      kind: 'stdio',
      command: process.execPath,
      args: [SCRIPT, mode],
      env: {},
    };
    const wrong = await judge(
      expected.routed,
      () => routed({ client, server }),
      () => direct({ client, server }),
    );
    expect(wrong).toBeUndefined();
  });
});

describe.concurrent('each server, running only while it is used', () => {
  test.each(Object.entries(STDIO_MODES))('%s', async (mode, expected) => {
    const server: ResolvedServer = {
      kind: 'stdio',
      command: process.execPath,
      args: [SCRIPT, mode],
      env: {},
    };
    const wrong = await judge(
      expected.routed,
      () => routedWhenUsed({ client: 'sdk-1', server }),
      () => direct({ client: 'sdk-1', server }),
    );
    expect(wrong).toBeUndefined();
  });
});

test('each mode is in the table of the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/wire.md'), 'utf8');
  for (const [kind, modes] of [
    ['HTTP', HTTP_MODES],
    ['stdio', STDIO_MODES],
    ['OAuth', OAUTH_MODES],
  ] as const) {
    const rows = page.split('\n').filter((row) => row.startsWith(`| ${kind} `));
    const listed = rows.map((row) => row.split('|').map((cell) => cell.trim()));
    expect(listed.map(([, , mode, about]) => [mode, about])).toEqual(
      Object.entries(modes).map(([name, { about }]) => [`\`${name}\``, about]),
    );
  }
});
