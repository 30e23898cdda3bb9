import { residentMb } from '../process.ts';
import { slope } from '../stats.ts';
import { burst, type Loaded } from './load.ts';

export interface Memory {
  readonly name: string;
  /** How many calls it made in the time it had. */
  readonly calls: number;
  /** Resident memory of the process between client and server, MB, before and after every tenth of the calls. */
  readonly series: readonly number[];
  readonly peak: number;
  readonly end: number;
  /** MB for 10 000 more calls, over the second half. */
  readonly growth: number;
}

const IN_FLIGHT = 8;
const TENTH_MS = 6000;

export async function memory(targets: readonly Loaded[], calls: number): Promise<Memory[]> {
  const found: Memory[] = [];
  for (const { name, pid, wires } of targets) {
    if (pid === undefined) continue;
    const series = [residentMb(pid)];
    let peak = series[0] as number;
    let made = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, residentMb(pid));
    }, 50);
    for (let tenth = 0; tenth < 10; tenth++) {
      const times = await burst(wires, calls / 10, IN_FLIGHT, 'a text of ordinary length', TENTH_MS);
      made += times.length;
      series.push(residentMb(pid));
    }
    clearInterval(timer);
    const late = series.slice(5).map((y, at) => ({ x: (at * made) / 10 / 10_000, y }));
    const end = series.at(-1) as number;
    found.push({ name, calls: made, series, peak: Math.max(peak, ...series), end, growth: slope(late) });
  }
  return found;
}
