import { expect, test } from 'vitest';
import { HTTP_MODES } from '../../fixtures/servers/faults/http-modes.ts';
import { startFaultServer } from '../../fixtures/servers/faults/http-server.ts';
import { CLIENTS, direct, routed } from './faults-kit.ts';

/** Servers over HTTP with one fault each: what works directly works through the gateway, and often more does. */

const cases = CLIENTS.flatMap((kind) => Object.keys(HTTP_MODES).map((mode) => [mode, kind] as const));

test.each(cases)('%s, with %s', async (mode, kind) => {
  const expected = HTTP_MODES[mode]?.routed;
  const outcome = async (run: typeof direct): Promise<string> => {
    const server = await startFaultServer(mode);
    try {
      return await run(kind, { kind: 'http', url: server.url, headers: {} });
    } finally {
      await server.stop();
    }
  };
  const through = await outcome(routed);
  if (expected instanceof RegExp) expect(through).toMatch(expected);
  else if (expected === 'works' || (await outcome(direct)) === 'works') expect(through).toBe('works');
});
