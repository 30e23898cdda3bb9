import { spawn } from 'node:child_process';
import type { Wire } from '../client/wire.ts';
import { median } from '../stats.ts';

export interface Start {
  readonly name: string;
  /** From starting the program to the answer of initialize, ms. */
  readonly ms: number;
  readonly best: number;
}

/** How long a client waits for a program that it starts for each session. */
export async function starts(
  programs: readonly { name: string; open(): Promise<Wire> }[],
  rounds: number,
): Promise<Start[]> {
  const times = programs.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [at, program] of programs.entries()) {
      const begin = performance.now();
      const wire = await program.open();
      times[at]?.push(performance.now() - begin);
      await wire.close();
    }
  }
  return programs.map(({ name }, at) => ({
    name,
    ms: median(times[at] ?? []),
    best: Math.min(...(times[at] ?? [])),
  }));
}

/** Starting and ending Node with an empty program: what no script can be faster than. */
export async function emptyNode(rounds: number): Promise<Start> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    await new Promise((done) => spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', done));
    times.push(performance.now() - begin);
  }
  return { name: 'empty Node', ms: median(times), best: Math.min(...times) };
}
