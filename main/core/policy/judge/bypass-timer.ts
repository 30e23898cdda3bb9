import { LONGEST_BYPASS_MINUTES } from '../../../../shared/limits.ts';
import type { Clock } from '../../ports.ts';
import type { GlobalMode, Settings } from '../../settings/types.ts';
import { afterBypass } from './modes.ts';

/** The contract allows no longer one. */
const LONGEST_BYPASS_MS = LONGEST_BYPASS_MINUTES * 60_000;

/**
 * Puts the mode back when bypass is over, also one that ended while nothing ran. The engine looks at the time itself; this
 * is for what people see, and for a clock that is set back meanwhile, which must not make it longer.
 * @param ended hears the mode that applies again, once it is saved
 * @param failed hears why that could not be saved
 */
export function createBypassTimer(parts: {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ended: (mode: GlobalMode) => void;
  readonly failed: (error: unknown) => void;
}): { stop(): void } {
  const { settings, clock } = parts;
  let cancel: (() => void) | undefined;
  let armed: GlobalMode | undefined;

  const end = async (until: number | null) => {
    let after: GlobalMode | undefined;
    await settings.update((doc) => {
      // Begun again meanwhile: that one has a timer of its own.
      if (doc.mode.mode !== 'bypass' || doc.mode.until !== until) return doc;
      after = afterBypass(doc.mode);
      return { ...doc, mode: after };
    });
    if (after !== undefined) parts.ended(after);
  };
  const arm = () => {
    const { mode } = settings.get();
    // Other settings change too, and must not begin the time again.
    if (mode.mode === 'bypass' && armed?.mode === 'bypass' && armed.until === mode.until) return;
    cancel?.();
    cancel = undefined;
    armed = mode;
    if (mode.mode !== 'bypass') return;
    const left = Math.min(Math.max(0, (mode.until ?? 0) - clock.now()), LONGEST_BYPASS_MS);
    cancel = clock.after(left, () => void end(mode.until).catch(parts.failed));
  };
  settings.onChange(arm);
  arm();
  return { stop: () => cancel?.() };
}
