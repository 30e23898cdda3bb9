import { expect, test } from 'vitest';
import { slices } from '../../../main/core/rpc/slices.ts';
import { defaultSettings } from '../../../main/core/settings/index.ts';
import type { GlobalMode } from '../../../main/core/settings/types.ts';
import type { ModeName } from '../../../shared/schemas/common.ts';
import { FakeClock } from '../../fakes/clock.ts';

type Parts = ReturnType<Parameters<typeof slices>[0]>;
const config = { kind: 'http' as const, url: 'http://127.0.0.1/', headers: {} };

/** The modes that the state tells of two servers: one with a saved policy, one that has only recommended rules. */
function told(mode: GlobalMode, own: ModeName | null = null, now = 0): (string | undefined)[] {
  const settings = {
    ...defaultSettings,
    mode,
    servers: { saved: { config, mode: own }, recommended: { config, mode: own } },
  };
  const parts = {
    settings: { get: () => settings },
    servers: { target: () => '' },
    policies: {
      state: (name: string) => ({
        source: name === 'saved' ? 'file' : 'recommended',
        version: '1',
        broken: null,
      }),
    },
    upstreams: { health: () => ({ status: 'idle', text: null, connections: 0 }) },
    signIns: { view: () => null },
    pins: { blockedTools: () => 0, quarantine: () => null },
    catalogue: { list: () => undefined },
    audit: { lastCallAt: () => null },
    clientScan: { views: [] },
  } as unknown as Parts;
  const options = { ports: { clock: new FakeClock(now) } } as unknown as Parameters<typeof slices>[1];
  const views = slices(() => parts, options).servers();
  return ['saved', 'recommended'].map((name) => views.find((view) => view.name === name)?.effectiveMode);
}

test('a server is told with the mode that holds for it now', () => {
  expect(told({ mode: 'enforce', until: null })).toEqual(['enforce', 'observe']);
  expect(told({ mode: 'observe', until: null }, 'enforce')).toEqual(['enforce', 'enforce']);
  expect(told({ mode: 'raised', until: null }, 'enforce')).toEqual(['raised', 'raised']);
  expect(told({ mode: 'bypass', until: 5 }, null, 4)).toEqual(['bypass', 'bypass']);
  expect(told({ mode: 'bypass', until: 5 }, null, 5)).toEqual(['enforce', 'observe']);
});
