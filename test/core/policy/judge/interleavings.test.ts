// @module-tag slow
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createCounters } from '../../../../main/core/policy/judge/counters.ts';
import type { Reservation } from '../../../../main/core/policy/types.ts';
import type { Clock, Database } from '../../../../main/core/ports.ts';
import { engineOf, facts, memoryDatabase } from '../helpers.ts';
import {
  amountOf,
  counterName,
  limitsOf,
  milliseconds,
  type RefCall,
  type RefEntry,
  type RefLimit,
  units,
} from './reference.ts';

/**
 * Calls of several clients at once, each somewhere between being judged and being answered, while time passes, the clock is
 * set, and the process ends in order or is killed: whatever the order, no window may ever hold more than `max`.
 */
const INTERLEAVINGS = process.env.DRAWBRIDGE_NIGHTLY === '1' ? 200_000 : 10_000;
const SEED = Number(process.env.DRAWBRIDGE_SEED ?? 20261102);

const from = (more: Pick<RefLimit, 'counter' | 'max' | 'scope'>): RefLimit => ({
  window: 'minute',
  increment_from: 'args.n',
  ...more,
});
/** Every scope, decimals, counts that are written ahead (many small calls), shared counters, questions. */
const POLICIES: Record<string, RefEntry>[] = [
  { a: { rate_limit: '2/second' }, b: { rate_limit: '3/minute', action: 'ask' } },
  { a: { limits: [from({ counter: 'c', max: 0.3, scope: 'server' })] }, b: { rate_limit: '1/minute' } },
  { '*': { limits: [from({ max: 1, scope: 'client' }), { window: 2, max: 2, scope: 'session' }] } },
  {
    a: { limits: [{ counter: 'c', window: 'second', max: 3, scope: 'global' }] },
    b: { limits: [{ counter: 'c', window: 'second', max: 2, scope: 'global' }] },
  },
  {
    a: {
      action: 'ask',
      limits: [
        { counter: 'soft', window: 'second', max: 1, on_exceed: 'ask' },
        { counter: 'hard', window: 'minute', max: 3 },
      ],
    },
    b: { limits: [{ counter: 'hard', window: 'minute', max: 2, increment: 0.7 }] },
  },
  { '*': { limits: [from({ counter: 'small', max: 1 })] } },
  { '*': { limits: [{ ...from({ counter: 'small', max: 1, scope: 'global' }), window: 2 }] } },
];
const AMOUNTS = [0, 0.001, 0.002, 0.0005, 0.1, 0.2, 0.9, 0.96, 1, 1e-13];

/** Numbers from 0 to 2³² − 1, the same for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

interface Running {
  readonly call: RefCall;
  readonly facts: ReturnType<typeof facts>;
  judged?: 'allow' | 'ask';
  taken?: { reservation: Reservation; counted: Counted[] };
}
interface Counted {
  readonly name: string;
  readonly at: number;
  readonly amount: bigint;
}

class Interleaving {
  readonly #pick: (below: number) => number;
  readonly #tools: Record<string, RefEntry>;
  readonly #made: ReturnType<typeof engineOf>;
  readonly #open: () => Database;
  readonly #file: boolean;
  #database: Database;
  /** Time that passed: setting the clock back takes none of it away, and one set forward has passed. */
  #now = 0;
  #run = 0;
  #die: () => void = () => {};
  #running: Running[] = [];
  #history: Counted[] = [];
  readonly #abandoned: Database[] = [];
  readonly happened = { taken: 0, refused: 0, released: 0, crashed: 0, ended: 0, set: 0 };

  constructor(seed: number, open?: () => Database) {
    this.#pick = random(seed);
    this.#file = open !== undefined;
    const memory = open === undefined ? memoryDatabase() : undefined;
    this.#open = open ?? (() => memory as Database);
    this.#tools = POLICIES[this.#pick(POLICIES.length)] ?? {};
    this.#made = engineOf({ version: '1', tools: this.#tools });
    this.#database = this.#open();
    this.#database.exec('DROP TABLE IF EXISTS counter_calls');
    this.#begin();
  }

  /** A process begins: its timers end with it. */
  #begin(): void {
    const { clock, state } = this.#made;
    const timers = new Set<() => void>();
    const own: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      every: () => {
        throw new Error('counters have no such timer');
      },
      after: (ms, fn) => {
        const cancel = clock.after(ms, fn);
        timers.add(cancel);
        return cancel;
      },
    };
    this.#die = () => {
      for (const cancel of timers) cancel();
    };
    state.counters = createCounters({ database: this.#database, clock: own, log: () => {} });
  }

  steps(count: number): void {
    for (let i = 0; i < count; i++) {
      const what = this.#pick(100);
      if (what < 25) this.#arrive();
      else if (what < 86) this.#advance();
      else if (what < 93) this.#wait();
      else if (what < 96) this.#setClock();
      else this.#restart(what < 98);
    }
    this.#die();
    for (const database of new Set([...this.#abandoned, this.#database])) database.close();
  }

  #arrive(): void {
    const call: RefCall = {
      client: this.#pick(4) === 0 ? 'codex' : 'cursor',
      server: this.#pick(4) === 0 ? 'stripe' : 'github',
      session: `s${this.#run}.${this.#pick(2)}`,
      tool: this.#pick(3) > 0 ? 'a' : 'b',
      args: { n: AMOUNTS[this.#pick(AMOUNTS.length)] ?? 0 },
    };
    const { client: clientId, server, session } = call;
    this.#running.push({ call, facts: facts(call.tool, call.args as object, { clientId, server, session }) });
  }

  /** One call goes one step on: judged, reserved (after a question perhaps), then answered or given back. */
  #advance(): void {
    const at = this.#pick(Math.max(1, this.#running.length));
    const one = this.#running[at];
    if (one === undefined) this.#arrive();
    else if (one.taken !== undefined) {
      this.#running.splice(at, 1);
      // Only a call that the server never received is given back.
      if (this.#pick(3) > 0) return;
      const { reservation, counted } = one.taken;
      reservation.release();
      this.#history = this.#history.filter((each) => !counted.includes(each));
      this.happened.released++;
    } else if (one.judged === undefined) {
      const { decision } = this.#made.engine.judge(one.facts);
      if (decision === 'allow' || decision === 'ask') one.judged = decision;
      else this.#running.splice(at, 1);
    } else {
      const reserved = this.#made.engine.reserve(one.facts, one.judged === 'ask');
      if (reserved.ok) one.taken = { reservation: reserved.reservation, counted: this.#count(one.call) };
      else {
        this.#running.splice(at, 1);
        this.happened.refused++;
        expect(reserved.verdict.rule).not.toBe('gateway:error');
      }
    }
  }

  /** Keeps what the call took, and looks whether it fitted in each of its windows. */
  #count(call: RefCall): Counted[] {
    const key = Object.keys(this.#tools).find((name) => name === call.tool) ?? '*';
    const limits = limitsOf({ at: `/tools/${key}`, entry: this.#tools[key] ?? {} });
    const counted = limits.map(({ at, limit }) => ({
      name: counterName(limit, at, call),
      at: this.#now,
      amount: amountOf(limit, call.args) ?? -1n,
    }));
    this.#history.push(...counted);
    this.happened.taken++;
    for (const [i, { limit }] of limits.entries()) {
      if (limit.on_exceed === 'ask') continue;
      const since = this.#now - milliseconds(limit.window);
      let sum = 0n;
      for (const { name, at, amount } of this.#history)
        if (name === counted[i]?.name && at > since) sum += amount;
      // A call of nothing takes nothing, also where the counter of another limit is fuller than this one's max.
      if (counted[i]?.amount !== 0n && sum > units(limit.max, 'down'))
        throw new Error(`${counted[i]?.name} holds ${sum}, more than ${limit.max}`);
    }
    return counted;
  }

  #wait(): void {
    const ms = [1, 400, 999, 1000, 1001, 20_000, 59_999, 60_000][this.#pick(8)] ?? 0;
    this.#made.clock.advance(ms);
    this.#now += ms;
  }

  #setClock(): void {
    const ms = [-3_600_000, -1500, -1, 1, 700, 30_000][this.#pick(6)] ?? 0;
    // What passed until now is looked at first, as each call does: a clock that is set back hides it else.
    this.#made.state.counters.check([{ key: '-', windowMs: 1, max: 1n, amount: 0n, lasting: false }]);
    this.#made.clock.jump(ms);
    this.#now += Math.max(0, ms);
    this.happened.set++;
  }

  /** Every call under way is lost with the process; what it took stays taken. */
  #restart(killed: boolean): void {
    const { state } = this.#made;
    this.#die();
    if (killed) this.#abandoned.push(this.#database);
    else {
      state.counters.settle();
      if (this.#file) this.#database.close();
    }
    this.happened[killed ? 'crashed' : 'ended']++;
    this.#running = [];
    this.#run++;
    this.#history = this.#history.filter(({ name }) => !name.includes('"session"'));
    this.#database = this.#open();
    this.#begin();
  }
}

it(`in ${INTERLEAVINGS} interleavings no window ever holds more than its max`, { timeout: 600_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'interleavings-'));
  const total = { taken: 0, refused: 0, released: 0, crashed: 0, ended: 0, set: 0 };
  const file = () => new DatabaseSync(join(dir, 'state.db')) as unknown as Database;
  try {
    for (let i = 0; i < INTERLEAVINGS; i++) {
      // Most restarts find the same database in memory; some open a file again that a killed process left.
      const one = new Interleaving(SEED + i, i % 100 === 0 ? file : undefined);
      try {
        one.steps(30);
      } catch (error) {
        throw new Error(`Interleaving ${SEED + i}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += one.happened[key];
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
  // Everything that may happen did, thousands of times.
  for (const [what, times] of Object.entries(total))
    expect([what, times > INTERLEAVINGS / 10]).toEqual([what, true]);
});
