import { describe, expect, test } from 'vitest';
import type { ResolvedServer } from '../../../main/core/upstream/types.ts';
import { LIST_MODES } from '../../fixtures/servers/faults/http/lists.ts';
import type { HttpMode } from '../../fixtures/servers/faults/http/parts.ts';
import { HTTP_MODES } from '../../fixtures/servers/faults/http-modes.ts';
import { startFaultServer } from '../../fixtures/servers/faults/http-server.ts';
import { type Case, CLIENTS, direct, judge, type Outcome, routed } from './faults-kit.ts';

/** Servers over HTTP with one fault each: what works directly works through the gateway, and often more does. */

const modes = Object.entries(HTTP_MODES);
const cases = CLIENTS.flatMap((client) =>
  modes
    // The older line of the SDK does not know that revision; the gateway does not translate.
    .filter(([, { kind }]) => kind !== 'modern' || client === 'sdk-2')
    .map(([mode, expected]) => [mode, client, expected] as const),
);

async function withServer(
  mode: string,
  { kind }: HttpMode,
  run: (each: Omit<Case, 'client'>) => Promise<Outcome>,
): Promise<Outcome> {
  const { url, stop } = await startFaultServer(mode);
  const server: ResolvedServer = { kind: kind === 'sse' ? 'sse' : 'http', url, headers: {} };
  try {
    return await run({ server, modern: kind === 'modern' });
  } finally {
    await stop();
  }
}

describe.concurrent('all servers together', () => {
  // A server whose tools cannot be listed is left out, with the reason.
  const listed = Object.entries(LIST_MODES).filter(([, { routed: how }]) => !(how instanceof RegExp));
  test.each(listed)('%s', async (mode, expected) => {
    const wrong = await judge(
      expected.routed,
      () => withServer(mode, expected, (each) => routed({ client: 'sdk-2', ...each }, '/mcp')),
      () => withServer(mode, expected, (each) => direct({ client: 'sdk-2', ...each })),
    );
    expect(wrong).toBeUndefined();
  });
});

describe.concurrent('each server', () => {
  test.each(cases)('%s, with %s', async (mode, client, expected) => {
    const wrong = await judge(
      expected.routed,
      () => withServer(mode, expected, (each) => routed({ client, ...each })),
      () => withServer(mode, expected, (each) => direct({ client, ...each })),
    );
    expect(wrong).toBeUndefined();
  });
});
