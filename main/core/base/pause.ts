import type { Clock } from '../ports.ts';

/** Waits `ms`. Keeps the process alive meanwhile, unlike the clock's own timers: somebody waits for the work behind it. */
export async function pause(clock: Clock, ms: number): Promise<void> {
  const alive = setInterval(() => undefined, 60_000);
  try {
    await new Promise<void>((resolve) => void clock.after(ms, resolve));
  } finally {
    clearInterval(alive);
  }
}
