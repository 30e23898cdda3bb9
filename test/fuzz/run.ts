import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RpcMessage } from '../../main/core/codec/types.ts';
import { FuzzedClient } from './fuzzed-client.ts';
import { differs, type Outcome, pythonDiffers } from './judge.ts';
import { anyFrame } from './mutations.ts';
import type { PythonReader } from './python-reader.ts';
import { Random } from './random.ts';

const RESULTS = join(import.meta.dirname, '../../test-results/fuzz');

/** The exact texts of the attack vectors: where mutation begins now and then. */
export const seeds: readonly string[] = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/attack_vectors.json'), 'utf8')) as {
    vectors: { raw?: string; frame?: object }[];
  }
).vectors.flatMap(({ raw, frame }) => raw ?? (frame ? JSON.stringify(frame) : []));

export interface Counts {
  cases: number;
  /** Cases of which something reached the server. */
  forwarded: number;
  calls: number;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly cases: number;
  /** What the bytes of a message become on a pipe. */
  readonly framed: (raw: Buffer) => Buffer;
  readonly python?: PythonReader | undefined;
  /** Whether a failing frame is kept in a file; it is by default. */
  readonly keep?: boolean;
}

/** The case of this number: the same bytes for the same seed, whatever came before. */
export function frameOf(seed: number, at: number, modern = false): Buffer {
  return anyFrame(new Random(seed ^ Math.imul(at + 1, 0x9e3779b1)), seeds, 10 + (at % 1000), modern);
}

/** Runs the cases. @throws Error that says how to see the first failing case again */
export async function fuzz(options: FuzzOptions): Promise<Counts> {
  // One has batches, one has no session.
  const clients = await Promise.all(
    ['2025-11-25', '2026-07-28', '2025-11-25', '2025-03-26'].map(FuzzedClient.open),
  );
  const counts: Counts = { cases: 0, forwarded: 0, calls: 0 };
  const one = async (client: FuzzedClient, from: number): Promise<void> => {
    for (let at = from; at < options.cases; at += clients.length) {
      const bytes = frameOf(options.seed, at, client.modern);
      const outcome = await client.post(bytes);
      counts.cases++;
      if (outcome.sent.length > 0) counts.forwarded++;
      counts.calls += outcome.allowed.length;
      const problem = await wrong(outcome, options);
      if (problem !== undefined) await report(client, bytes, problem, at, options);
    }
  };
  try {
    await Promise.all(clients.map(one));
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
  return counts;
}

async function wrong(outcome: Outcome, options: FuzzOptions): Promise<string | undefined> {
  const problem = differs(outcome, options.framed);
  if (problem !== undefined || !options.python) return problem;
  const calls = outcome.sent.filter(({ method }) => method === 'tools/call');
  const facts = (message: RpcMessage) =>
    message.method === 'tools/call' ? outcome.allowed[calls.indexOf(message)] : undefined;
  for (const message of outcome.sent) {
    const found =
      pythonDiffers(await options.python.read(message.raw, 'body'), message, facts(message)) ??
      pythonDiffers(await options.python.read(options.framed(message.raw), 'lines'), message, facts(message));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function report(
  client: FuzzedClient,
  bytes: Buffer,
  problem: string,
  at: number,
  options: FuzzOptions,
): Promise<never> {
  const fails = async (smaller: Buffer): Promise<string | undefined> =>
    wrong(await client.post(smaller), options);
  const smallest = await shrink(bytes, async (smaller) => (await fails(smaller)) !== undefined);
  const file = join(RESULTS, `differential-${options.seed}-${at}.bin`);
  if (options.keep !== false) {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(file, smallest);
  }
  throw new Error(
    [
      `Case ${at} of seed ${options.seed}: ${(await fails(smallest)) ?? problem}`,
      `smallest frame (${smallest.length} of ${bytes.length} bytes${options.keep === false ? '' : `, kept in ${file}`}): ${JSON.stringify(smallest.toString('latin1'))} (latin1)`,
      `again: DRAWBRIDGE_FUZZ_SEED=${options.seed} npm run fuzz`,
    ].join('\n'),
  );
}

/** Takes pieces out, large ones first, as long as it still fails. */
export async function shrink(bytes: Buffer, fails: (smaller: Buffer) => Promise<boolean>): Promise<Buffer> {
  let best = bytes;
  for (let piece = best.length >> 1; piece >= 1; piece >>= 1) {
    for (let at = 0; at < best.length; ) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + piece)]);
      if (await fails(without)) best = without;
      else at += piece;
    }
  }
  return best;
}
