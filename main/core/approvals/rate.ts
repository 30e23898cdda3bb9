import type { Clock } from '../ports.ts';

const MINUTE_MS = 60_000;
/** More than this of one client in a minute are not told apart. */
const MAX_KEPT = 1000;

/** How many prompts each client caused within the last minute. */
export interface PromptRate {
  note(clientId: string): void;
  perMinute(clientId: string): number;
}

export function createPromptRate(clock: Clock): PromptRate {
  /** Monotonic ms, oldest first. */
  const times = new Map<string, number[]>();
  const recent = (clientId: string): number[] => {
    const now = clock.monotonic();
    const kept = (times.get(clientId) ?? []).filter((at) => now - at < MINUTE_MS);
    if (kept.length === 0) times.delete(clientId);
    else times.set(clientId, kept);
    return kept;
  };
  return {
    note(clientId) {
      const kept = recent(clientId);
      if (kept.length < MAX_KEPT) times.set(clientId, [...kept, clock.monotonic()]);
    },
    perMinute: (clientId) => recent(clientId).length,
  };
}
