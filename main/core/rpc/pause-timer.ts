import type { Clock } from '../ports.ts';
import type { Settings } from '../settings/types.ts';

/** No timer is set further ahead: longer ones overflow. */
const LONGEST_MS = 24 * 3_600_000;

/** Ends the pauses of clients whose time is over. The policy looks at the time itself: this is for what the interface shows and for the audit. */
export function createPauseTimer(deps: {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ended: (clientIds: readonly string[]) => void;
  readonly failed: (error: unknown) => void;
}): { stop(): void } {
  const { settings, clock } = deps;
  let cancel: (() => void) | undefined;
  let stopped = false;

  const end = (): void => {
    const now = clock.now();
    const over: string[] = [];
    settings
      .update((doc) => {
        const kept = Object.entries(doc.pausedClients).filter(([id, { until }]) => {
          const stays = until === null || now < until;
          if (!stays) over.push(id);
          return stays;
        });
        return { ...doc, pausedClients: Object.fromEntries(kept) };
      })
      .then(() => {
        if (!stopped && over.length > 0) deps.ended(over);
      })
      .catch(deps.failed);
  };
  const arm = (): void => {
    cancel?.();
    cancel = undefined;
    if (stopped) return;
    const ends = Object.values(settings.get().pausedClients).flatMap(({ until }) => until ?? []);
    if (ends.length === 0) return;
    const next = Math.min(...ends) - clock.now();
    cancel = clock.after(Math.min(LONGEST_MS, Math.max(0, next)), next > LONGEST_MS ? arm : end);
  };
  settings.onChange(arm);
  arm();
  return {
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
