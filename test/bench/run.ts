/**
 * `npm run bench`: what Drawbridge costs compared with a direct connection, and with other programs that do a part of its work.
 * docs/performance.md says how to read it. Needs Linux (/proc).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Wire } from './client/wire.ts';
import { benchClients, printClients } from './clients.ts';
import { type Options, readOptions } from './options.ts';
import { machine, micros, ms, signed, table, times } from './report.ts';
import { type Latency, latency, type Opened } from './scenarios/latency.ts';
import { listing } from './scenarios/listing.ts';
import { type Load, type Loaded, load } from './scenarios/load.ts';
import { memory } from './scenarios/memory.ts';
import { emptyNode, starts } from './scenarios/start.ts';
import { bareRelay, directHttp, directStdio } from './targets/direct.ts';
import { type DrawbridgeTarget, drawbridge } from './targets/drawbridge.ts';
import { installPeers, mcpProxy, mcpRemote, supergateway, versionOf } from './targets/peers.ts';
import type { Target, TargetOptions } from './targets/types.ts';

const options = readOrSay(process.argv.slice(2));
const { only, rounds, quick } = options;
const some = (count: number): number => (quick ? Math.ceil(count / 10) : count);
/** The clients' files need nothing of what the rest starts. */
const needsTargets = [...only].some((name) => name !== 'clients');
const peersDir = options.peers && needsTargets ? await installPeers() : undefined;
if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
const nodeWords =
  options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`];
const results: Record<string, unknown> = { machine: machine() };
const TEXT = 'a text of ordinary length';

function readOrSay(words: string[]): Options {
  try {
    return readOptions(words);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

interface All {
  readonly stdio: Target;
  readonly http: Target & { readonly url: string };
  readonly ours: DrawbridgeTarget;
  readonly list: readonly Target[];
}

/** Starts everything, does the work, ends everything. */
async function withTargets(tools: number, work: (all: All) => Promise<void>): Promise<void> {
  const targetOptions: TargetOptions = { tools, nodeWords };
  const started: Target[] = [];
  const keep = async <T extends Target>(starting: Promise<T>): Promise<T> => {
    const target = await starting;
    started.push(target);
    return target;
  };
  try {
    const stdio = await keep(directStdio(targetOptions));
    const http = await keep(directHttp(targetOptions));
    await keep(bareRelay(targetOptions));
    const ours = await keep(drawbridge(targetOptions));
    if (peersDir !== undefined) {
      await keep(mcpProxy(peersDir, targetOptions));
      await keep(supergateway(peersDir, targetOptions));
    }
    await work({ stdio, http, ours, list: started });
  } finally {
    for (const target of started) await target.stop();
  }
}

async function open(targets: readonly Target[]): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const { name, pid, open } of targets) opened.push({ name, pid, wire: await open() });
  return opened;
}

async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} was not opened within ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function closeAll(wires: readonly Wire[]): Promise<void> {
  await Promise.all(wires.map((wire) => wire.close()));
}

function heading(text: string): void {
  console.log(`\n${text}`);
}

function showLatency(found: readonly Latency[], bases: readonly string[]): void {
  const base = (name: string): Latency => found.find((one) => one.name === name) as Latency;
  console.log(
    table(
      [
        '',
        'p50 ms',
        'p99 ms',
        'best p50',
        ...bases.flatMap((name) => [`p50 − ${name}`, 'p99 −', '×']),
        'µs cpu',
      ],
      found.map((one) =>
        one.failed !== undefined
          ? [one.name, 'cannot']
          : [
              one.name,
              ms(one.p50),
              ms(one.p99),
              ms(one.bestP50),
              ...bases.flatMap((name) => [
                signed(one.p50 - base(name).p50),
                signed(one.p99 - base(name).p99),
                times(one.p50, base(name).p50),
              ]),
              micros(one.cpu),
            ],
      ),
    ),
  );
  for (const { name, failed } of found) if (failed !== undefined) console.log(`${name}: ${failed}`);
}

function showLoad(found: readonly Load[]): void {
  const ours = found.find(({ name }) => name === 'Drawbridge') as Load;
  console.log(
    table(
      ['', 'calls/s', 'best', 'p50 ms', 'p99 ms', 'of Drawbridge', 'µs cpu'],
      found.map((one) =>
        one.failed !== undefined
          ? [one.name, 'cannot']
          : [
              one.name,
              one.rate.toFixed(0),
              one.bestRate.toFixed(0),
              ms(one.p50),
              ms(one.p99),
              times(one.rate, ours.rate),
              micros(one.cpu),
            ],
      ),
    ),
  );
  for (const { name, failed } of found) if (failed !== undefined) console.log(`${name}: ${failed}`);
}

console.log(
  Object.entries(results.machine as object)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · '),
);

const calls = async ({ stdio, http, ours, list }: All): Promise<void> => {
  const opened = await open(list);
  if (only.has('echo')) {
    heading(`Echo: one call after the other, medians of ${rounds} rounds`);
    const found = await latency(opened, { rounds, calls: some(1000), text: TEXT, warmUp: some(10_000) });
    showLatency(found, [stdio.name, http.name]);
    results.echo = found;
  }
  if (only.has('payload')) {
    heading(`1 MB there and 1 MB back, medians of ${rounds} rounds`);
    const found = await latency(opened, {
      rounds,
      calls: some(20),
      text: 'x'.repeat(2 ** 20),
      warmUp: some(10),
    });
    showLatency(found, [stdio.name, http.name]);
    results.payload = found;
  }
  if (only.has('load')) {
    heading(`64 calls in flight in one session, medians of ${rounds} rounds`);
    const found = await load(
      opened.map(({ name, pid, wire }) => ({ name, pid, wires: [wire] })),
      { rounds, calls: some(6400), inFlight: 64, text: TEXT },
    );
    showLoad(found);
    results.load = found;
  }
  if (only.has('memory')) {
    heading(`Resident memory of the process in the middle over ${some(50_000)} calls, MB`);
    const found = await memory(
      opened.map(({ name, pid, wire }) => ({ name, pid, wires: [wire] })),
      some(50_000),
    );
    console.log(
      table(
        ['', 'calls', 'before', 'after', 'peak', 'MB/10 000 calls', 'series'],
        found.map((one) => [
          one.name,
          String(one.calls),
          (one.series[0] ?? 0).toFixed(0),
          one.end.toFixed(0),
          one.peak.toFixed(0),
          one.growth.toFixed(2),
          one.series.map((value) => value.toFixed(0)).join(' '),
        ]),
      ),
    );
    results.memory = found;
  }
  if (only.has('bridge')) {
    heading(`A client on stdio: the bridge before the gateway, and mcp-remote before a bare HTTP server`);
    const remote = peersDir === undefined ? undefined : mcpRemote(peersDir, http.url);
    const direct = opened.find(({ name }) => name === stdio.name) as Opened;
    const bridge = await ours.openBridge();
    const wires: Opened[] = [direct, { name: 'Drawbridge bridge', pid: bridge.process.pid, wire: bridge }];
    if (remote) {
      const wire = await remote.open();
      wires.push({ name: `mcp-remote ${versionOf('mcp-remote')}`, pid: wire.process.pid, wire });
    }
    const found = await latency(wires, { rounds, calls: some(500), text: TEXT, warmUp: some(1000) });
    showLatency(found, [stdio.name]);
    const programs = [{ name: 'Drawbridge bridge', open: () => ours.openBridge() }];
    if (remote) programs.push({ name: 'mcp-remote', open: remote.open });
    const began = [await emptyNode(rounds), ...(await starts(programs, rounds))];
    heading('From starting the program to the answer of initialize');
    console.log(
      table(
        ['', 'ms', 'best'],
        began.map((one) => [one.name, ms(one.ms), ms(one.best)]),
      ),
    );
    for (const { wire } of wires.slice(1)) await wire.close();
    remote?.stop();
    results.bridge = { latency: found, start: began };
  }
  if (only.has('sessions')) {
    heading(`64 sessions, each with one call in flight, medians of ${rounds} rounds`);
    const loaded: Loaded[] = [];
    for (const { name, pid, open } of list) {
      const wires: Wire[] = [];
      try {
        for (let n = 0; n < 64; n++) wires.push(await within(20_000, open(), `session ${n + 1}`));
        loaded.push({ name, pid, wires });
      } catch (error) {
        loaded.push({ name, pid, wires: [], failed: (error as Error).message });
      }
    }
    const found = await load(loaded, { rounds, calls: some(6400), inFlight: 64, text: TEXT });
    showLoad(found);
    results.sessions = found;
    for (const { wires } of loaded) await closeAll(wires);
  }
  await closeAll(opened.map(({ wire }) => wire));
  const record = await ours.verify();
  if (!record.ok) throw new Error(`The record of Drawbridge is not whole: ${record.message}`);
  results.record = record;
  console.log(`\nThe record of Drawbridge holds ${record.entries} entries and is unbroken.`);
};
if (needsTargets) await withTargets(2, calls);

if (only.has('list')) {
  await withTargets(1300, async ({ stdio, http, list }) => {
    heading('tools/list of 1 300 tools');
    const found = await listing(list, some(30));
    const base = found.find(({ name }) => name === http.name);
    const other = found.find(({ name }) => name === stdio.name);
    console.log(
      table(
        ['', 'first ms', 'later ms', 'best', `later − ${stdio.name}`, `later − ${http.name}`, 'tools', 'KB'],
        found.map((one) => [
          one.name,
          ms(one.first),
          ms(one.later),
          ms(one.bestLater),
          signed(one.later - (other?.later ?? 0)),
          signed(one.later - (base?.later ?? 0)),
          String(one.tools),
          String(one.kilobytes),
        ]),
      ),
    );
    results.list = found;
  });
}

if (only.has('clients')) {
  const found = await benchClients();
  printClients(found);
  results.clients = found;
}

if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nAll figures are in ${options.json}.`);
}
