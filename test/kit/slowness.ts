/** How much processor time one look takes, ms. */
const LOOK_MS = 30;

/**
 * How many times longer than by itself something takes on this machine now: 1 where a processor is free, about 4 where four
 * others wait for each. Limits of time are for a machine that has nothing else to do, and are multiplied by this.
 */
export function slowness(): number {
  const look = (): number => {
    const wall = performance.now();
    const cpu = process.cpuUsage();
    let used = 0;
    while (used < LOOK_MS) {
      const { user, system } = process.cpuUsage(cpu);
      used = (user + system) / 1000;
    }
    return (performance.now() - wall) / used;
  };
  return Math.max(1, look(), look(), look());
}

/**
 * Runs something whose time is limited, and gives what it gave with how slow the machine was meanwhile: looked at before and
 * after, the slower counts.
 */
export async function withSlowness<T>(run: () => Promise<T>): Promise<{ value: T; slow: number }> {
  const before = slowness();
  const value = await run();
  return { value, slow: Math.max(before, slowness()) };
}
