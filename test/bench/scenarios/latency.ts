import { checkEcho, echoCall, nextId, type Wire } from '../client/wire.ts';
import { cpuMicros } from '../process.ts';
import { median, quantile } from '../stats.ts';

/** A target with a session open, as the latency scenarios take it. */
export interface Opened {
  readonly name: string;
  readonly pid: number | undefined;
  readonly wire: Wire;
}

/** Milliseconds; medians over the rounds, and the best round. */
export interface Latency {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  readonly bestP50: number;
  readonly bestP99: number;
  /** Processor time of the process between client and server, µs a call. */
  readonly cpu: number | undefined;
  /** Why it has no figures: it could not do it at all. */
  readonly failed?: string;
}

/** One call after the other. The targets take turns, round by round, so that other work here affects all of them equally. */
export async function latency(
  opened: readonly Opened[],
  options: { rounds: number; calls: number; text: string; warmUp: number },
): Promise<Latency[]> {
  const { rounds, calls, text, warmUp } = options;
  const seen = opened.map(() => ({ p50: [] as number[], p99: [] as number[], cpu: [] as number[] }));
  const failed = new Map<number, string>();
  for (const [at, { wire }] of opened.entries()) {
    try {
      await series(wire, warmUp, text);
    } catch (error) {
      failed.set(at, (error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 120));
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [at, { wire, pid }] of opened.entries()) {
      if (failed.has(at)) continue;
      // The first calls after a pause wake processes and caches up.
      await series(wire, Math.ceil(calls / 20), text);
      const before = pid === undefined ? 0 : cpuMicros(pid);
      const times = await series(wire, calls, text);
      const mine = seen[at];
      if (pid !== undefined) mine?.cpu.push((cpuMicros(pid) - before) / times.length);
      mine?.p50.push(quantile(times, 0.5));
      mine?.p99.push(quantile(times, 0.99));
    }
  }
  return opened.map(({ name }, at) => {
    const { p50, p99, cpu } = seen[at] as (typeof seen)[number];
    const why = failed.get(at);
    return {
      name,
      ...(why === undefined ? {} : { failed: why }),
      p50: median(p50),
      p99: median(p99),
      bestP50: Math.min(...p50),
      bestP99: Math.min(...p99),
      cpu: cpu.length === 0 ? undefined : median(cpu),
    };
  });
}

/** A target that is this slow gives fewer figures, so that the bench ends. */
const SERIES_MS = 8000;

async function series(wire: Wire, calls: number, text: string): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + SERIES_MS;
  for (let i = 0; i < calls && performance.now() < end; i++) {
    const id = nextId();
    const body = echoCall(id, text);
    const begin = performance.now();
    const answer = await wire.request(body);
    times.push(performance.now() - begin);
    checkEcho(answer, id, text);
  }
  return times;
}
