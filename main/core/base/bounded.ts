import type { Clock } from '../ports.ts';

/**
 * Waits for work, but not longer than `ms`. Keeps the process alive meanwhile, unlike the clock's own timers.
 * @returns whether it is done. Work that fails is done; its error is for `failed`
 */
export async function doneWithin(
  clock: Pick<Clock, 'after'>,
  ms: number,
  work: Promise<unknown>,
  failed: (error: unknown) => void,
): Promise<boolean> {
  const alive = setInterval(() => undefined, 60_000);
  let cancel = (): void => undefined;
  try {
    return await Promise.race([
      work.then(
        () => true,
        (error: unknown) => {
          failed(error);
          return true;
        },
      ),
      new Promise<boolean>((late) => {
        cancel = clock.after(ms, () => late(false));
      }),
    ]);
  } finally {
    cancel();
    clearInterval(alive);
  }
}
