import { checkEcho, echoCall, nextId, type Wire } from '../client/wire.ts';
import { cpuMicros } from '../process.ts';
import { median, quantile } from '../stats.ts';

export interface Loaded {
  readonly name: string;
  readonly pid: number | undefined;
  /** One session, or one for each call in flight. */
  readonly wires: readonly Wire[];
  /** Why there are none. */
  readonly failed?: string;
}

export interface Load {
  readonly name: string;
  /** Calls a second: median over the rounds, and the best round. */
  readonly rate: number;
  readonly bestRate: number;
  /** How long one call took under this load, ms. */
  readonly p50: number;
  readonly p99: number;
  /** µs a call, of the process between client and server. */
  readonly cpu: number | undefined;
  /** Why it has no figures: it could not do it at all. */
  readonly failed?: string;
}

/** So many calls at once, always: as soon as one is answered the next is sent. */
export async function load(
  targets: readonly Loaded[],
  options: { rounds: number; calls: number; inFlight: number; text: string },
): Promise<Load[]> {
  const { rounds, calls, text } = options;
  const seen = targets.map(() => ({ rate: [] as number[], times: [] as number[], cpu: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    for (const [at, target] of targets.entries()) {
      if (target.wires.length === 0) continue;
      const before = target.pid === undefined ? 0 : cpuMicros(target.pid);
      const begin = performance.now();
      const times = await burst(target.wires, calls, options.inFlight, text);
      const seconds = (performance.now() - begin) / 1000;
      // The round before the first one only warms up.
      if (round < 0) continue;
      const mine = seen[at] as (typeof seen)[number];
      if (target.pid !== undefined) mine.cpu.push((cpuMicros(target.pid) - before) / times.length);
      mine.rate.push(times.length / seconds);
      for (const time of times) mine.times.push(time);
    }
  }
  return targets.map(({ name, wires, failed }, at) => {
    const { rate, times, cpu } = seen[at] as (typeof seen)[number];
    return {
      name,
      ...(wires.length === 0 ? { failed: failed ?? 'no session could be opened' } : {}),
      rate: median(rate),
      bestRate: Math.max(...rate),
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      cpu: cpu.length === 0 ? undefined : median(cpu),
    };
  });
}

/** A target that is this slow makes fewer calls, so that the bench ends. */
const BURST_MS = 10_000;

/** Gives how long each call took, ms. */
export async function burst(
  wires: readonly Wire[],
  calls: number,
  inFlight: number,
  text: string,
  limitMs = BURST_MS,
): Promise<number[]> {
  const times: number[] = [];
  let left = calls;
  const end = performance.now() + limitMs;
  const worker = async (wire: Wire): Promise<void> => {
    while (left-- > 0 && performance.now() < end) {
      const id = nextId();
      const body = echoCall(id, text);
      const begin = performance.now();
      const answer = await wire.request(body);
      times.push(performance.now() - begin);
      checkEcho(answer, id, text);
    }
  };
  const workers = Array.from({ length: inFlight }, (_, at) => worker(wires[at % wires.length] as Wire));
  await Promise.all(workers);
  return times;
}
