import { describe, expect, it } from 'vitest';
import { createBypassTimer } from '../../../../main/core/policy/judge/bypass-timer.ts';
import {
  afterBypass,
  effectiveMode,
  modeBefore,
  raiseBridge,
  startBypass,
} from '../../../../main/core/policy/judge/modes.ts';
import { SettingsSchema } from '../../../../main/core/settings/schema.ts';
import type { GlobalMode, SettingsDoc } from '../../../../main/core/settings/types.ts';
import type { ModeName } from '../../../../shared/schemas/common.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { SETTINGS } from '../helpers.ts';

const BEFORE = ['enforce', 'observe', 'raised'] as const;
const modeAt = (mode: GlobalMode, now: number) => effectiveMode({ ...SETTINGS, mode }, 'a', 'file', now).mode;

describe('bypass', () => {
  it.each(BEFORE)('goes back to %s by itself', (before) => {
    const bypass = startBypass({ mode: before, until: null }, 100);
    expect(modeAt(bypass, 99)).toBe('bypass');
    expect(modeAt(bypass, 100)).toBe(before);
    expect(afterBypass(bypass)).toEqual({ mode: before, until: null });
  });
  it('begun again, it still goes back to what was before the first', () => {
    const again = startBypass(startBypass({ mode: 'observe', until: null }, 100), 200);
    expect(again).toEqual({ mode: 'bypass', until: 200, before: 'observe' });
    expect(modeAt(again, 200)).toBe('observe');
  });
  it('ended by a person goes back to the same, and the raised bridge likewise', () => {
    for (const before of BEFORE)
      expect(modeBefore(startBypass({ mode: before, until: null }, 9))).toEqual({
        mode: before,
        until: null,
      });
    for (const before of ['enforce', 'observe'] as const) {
      const raised = raiseBridge({ mode: before, until: null });
      expect(modeAt(raised, 0)).toBe('raised');
      expect(modeBefore(raised)).toEqual({ mode: before, until: null });
      expect(raiseBridge(raised)).toBe(raised);
      expect(modeBefore({ mode: before, until: null })).toEqual({ mode: before, until: null });
      // A bypass cut short by raising the bridge does not come back.
      expect(modeBefore(raiseBridge(startBypass({ mode: before, until: null }, 9))).mode).toBe(before);
    }
    // Let through although the bridge was raised: raised again, then lowered, the policy is enforced.
    const through = startBypass(raiseBridge({ mode: 'observe', until: null }), 9);
    expect(modeBefore(raiseBridge(through)).mode).toBe('enforce');
    expect(modeBefore({ mode: 'raised', until: null }).mode).toBe('enforce');
  });
  it('of an older settings file goes back to enforce', () => {
    expect(modeAt({ mode: 'bypass', until: 5 }, 5)).toBe('enforce');
    expect(modeAt({ mode: 'bypass', until: null }, 5)).toBe('enforce');
  });
  it('of one server, written by hand, would never end and is not run', () => {
    const servers = {
      a: {
        config: { kind: 'http' as const, url: 'http://127.0.0.1/', headers: {} },
        mode: 'bypass' as const,
      },
    };
    const mode = { mode: 'observe' as const, until: null };
    expect(effectiveMode({ ...SETTINGS, mode, servers }, 'a', 'file', 0).mode).toBe('enforce');
  });
  it('of one server comes before the one for everything, and rules nobody saved are observed', () => {
    const config = { kind: 'http' as const, url: 'http://127.0.0.1/', headers: {} };
    const at = (everywhere: ModeName, source: 'file' | 'recommended', own: ModeName | null) =>
      effectiveMode(
        { ...SETTINGS, mode: { mode: everywhere, until: null }, servers: { a: { config, mode: own } } },
        'a',
        source,
        0,
      ).mode;
    expect(at('enforce', 'file', null)).toBe('enforce');
    expect(at('enforce', 'recommended', null)).toBe('observe');
    expect(at('enforce', 'recommended', 'enforce')).toBe('enforce');
    expect(at('enforce', 'recommended', 'raised')).toBe('raised');
    expect(at('observe', 'file', null)).toBe('observe');
    expect(at('observe', 'file', 'enforce')).toBe('enforce');
    expect(at('raised', 'recommended', 'observe')).toBe('raised');
  });
  it('settings keep what was before, and never that it was bypass', () => {
    const mode = { mode: 'bypass', until: 9, before: 'observe' };
    expect(SettingsSchema.parse({ version: 1, mode }).mode).toEqual(mode);
    expect(SettingsSchema.safeParse({ version: 1, mode: { ...mode, before: 'bypass' } }).success).toBe(false);
  });
});

/** Settings in memory, with the timer over them. */
function timed(mode: GlobalMode, clock = new FakeClock()) {
  let doc: SettingsDoc = { ...SETTINGS, mode };
  const listeners: (() => void)[] = [];
  const ended: GlobalMode[] = [];
  const settings = {
    get: () => doc,
    update: async (change: (old: SettingsDoc) => SettingsDoc) => {
      doc = change(doc);
      for (const listener of listeners) listener();
      return doc;
    },
    onChange: (listener: (doc: SettingsDoc) => void) => void listeners.push(() => listener(doc)),
  };
  const timer = createBypassTimer({
    settings,
    clock,
    ended: (after) => void ended.push(after),
    failed: (error) => {
      throw error;
    },
  });
  return { clock, settings, timer, ended };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the timer of bypass', () => {
  it.each(BEFORE)('saves %s when the time is over', async (before) => {
    const { clock, settings, ended } = timed({ mode: before, until: null });
    await settings.update((doc) => ({ ...doc, mode: startBypass(doc.mode, clock.now() + 60_000) }));
    clock.advance(59_999);
    await settled();
    expect(settings.get().mode.mode).toBe('bypass');
    clock.advance(1);
    await settled();
    expect(settings.get().mode).toEqual({ mode: before, until: null });
    expect(ended).toEqual([{ mode: before, until: null }]);
    expect(clock.waiting).toBe(0);
  });
  it('ends one that ran out while nothing ran, at once', async () => {
    const { clock, settings } = timed({ mode: 'bypass', until: 5, before: 'observe' });
    clock.advance(0);
    await settled();
    expect(settings.get().mode).toEqual({ mode: 'observe', until: null });
  });
  it('a person who changes the mode meanwhile has the last word', async () => {
    const { clock, settings, ended } = timed({ mode: 'enforce', until: null });
    await settings.update((doc) => ({ ...doc, mode: startBypass(doc.mode, clock.now() + 1000) }));
    await settings.update((doc) => ({ ...doc, mode: { mode: 'observe', until: null } }));
    clock.advance(10_000);
    await settled();
    expect(settings.get().mode.mode).toBe('observe');
    expect(ended).toEqual([]);
  });
  it('begun again moves its end; other settings do not', async () => {
    const { clock, settings } = timed({ mode: 'observe', until: null });
    await settings.update((doc) => ({ ...doc, mode: startBypass(doc.mode, clock.now() + 1000) }));
    clock.advance(900);
    await settings.update((doc) => ({ ...doc, mode: startBypass(doc.mode, clock.now() + 1000) }));
    clock.advance(900);
    await settings.update((doc) => ({ ...doc, gatewayPort: 5 }));
    await settled();
    expect(settings.get().mode.mode).toBe('bypass');
    clock.advance(100);
    await settled();
    expect(settings.get().mode.mode).toBe('observe');
  });
  it('a clock set back does not make it longer, and an absurd end is an hour', async () => {
    const { clock, settings } = timed({ mode: 'enforce', until: null });
    await settings.update((doc) => ({ ...doc, mode: startBypass(doc.mode, clock.now() + 1000) }));
    clock.jump(-500_000);
    await settings.update((doc) => ({ ...doc, gatewayPort: 5 }));
    clock.advance(1000);
    await settled();
    expect(settings.get().mode.mode).toBe('enforce');
    await settings.update((doc) => ({ ...doc, mode: startBypass(doc.mode, 1e15) }));
    clock.advance(60 * 60_000);
    await settled();
    expect(settings.get().mode.mode).toBe('enforce');
  });
  it('stopped, it leaves nothing waiting', () => {
    const { clock, timer } = timed({ mode: 'bypass', until: 1e15 });
    expect(clock.waiting).toBe(1);
    timer.stop();
    expect(clock.waiting).toBe(0);
  });
});
