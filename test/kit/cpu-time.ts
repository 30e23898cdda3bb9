/**
 * Milliseconds of processor time that this thread has used so far. For tests that tell "soon" from "far too slow": on a
 * machine with much else to do the clock on the wall goes on while the thread waits for its turn, and this does not.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
