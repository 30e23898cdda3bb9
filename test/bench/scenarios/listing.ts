import { message, nextId, type Wire } from '../client/wire.ts';
import { median } from '../stats.ts';
import type { Target } from '../targets/types.ts';

export interface Listing {
  readonly name: string;
  /** The first list of the first session, ms: a gateway learns the tools here. */
  readonly first: number;
  /** Later ones, ms. */
  readonly later: number;
  readonly bestLater: number;
  /** Tools the client sees. */
  readonly tools: number;
  readonly kilobytes: number;
}

/** tools/list of a server with very many tools. */
export async function listing(targets: readonly Target[], rounds: number): Promise<Listing[]> {
  const found: (Omit<Listing, 'later' | 'bestLater'> & { times: number[]; wire: Wire })[] = [];
  for (const target of targets) {
    const wire = await target.open();
    const { ms, answer } = await list(wire);
    const { result } = JSON.parse(answer.toString('utf8')) as { result: { tools: unknown[] } };
    const { name } = target;
    const size = { tools: result.tools.length, kilobytes: Math.round(answer.length / 1024) };
    found.push({ name, wire, first: ms, times: [], ...size });
  }
  for (let round = -3; round < rounds; round++) {
    for (const { wire, times } of found) {
      const { ms } = await list(wire);
      if (round >= 0) times.push(ms);
    }
  }
  for (const { wire } of found) await wire.close();
  return found.map(({ wire: _, times, ...rest }) => ({
    ...rest,
    later: median(times),
    bestLater: Math.min(...times),
  }));
}

async function list(wire: Wire): Promise<{ ms: number; answer: Buffer }> {
  const body = message(nextId(), 'tools/list', '{}');
  const begin = performance.now();
  const answer = await wire.request(body);
  return { ms: performance.now() - begin, answer };
}
