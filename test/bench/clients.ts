/** How long it takes to find, read and plan every client; printed by `npm run bench -- --only clients`, and with the rest. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CLIENTS, createClients } from '../../main/core/clients/index.ts';
import { createIdentities, createSecretStore, createSettings } from '../../main/core/settings/index.ts';
import { createServerRegistry } from '../../main/core/settings/registry.ts';
import { systemClock as clock } from '../../main/host/node/node-ports.ts';
import { createProcessList } from '../../main/host/node/processes.ts';
import { largeClaudeFile } from '../core/clients/files/large-file.ts';
import { PLACES } from '../core/clients/formats/golden-places.ts';
import { median } from './stats.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'clients');
const ROUNDS = 7;
const log = (): void => undefined;

type Filled = 'nothing' | 'every client' | 'a file of 40 MB of Claude Code, and every other client';

export interface ClientFigures {
  readonly home: Filled;
  readonly installed: number;
  readonly entries: number;
  /** Milliseconds, median of the rounds; the first round, with nothing read before, apart. */
  readonly firstScan: number;
  readonly scan: number;
  readonly plan: number;
}

export async function benchClients(): Promise<ClientFigures[]> {
  const found: ClientFigures[] = [];
  for (const home of [
    'nothing',
    'every client',
    'a file of 40 MB of Claude Code, and every other client',
  ] as const)
    found.push(await benchHome(home));
  return found;
}

async function benchHome(filled: Filled): Promise<ClientFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-bench-clients-'));
  try {
    if (filled !== 'nothing') fill(dir);
    if (filled.startsWith('a file')) writeFileSync(join(dir, '.claude.json'), largeClaudeFile(40_000_000));
    const make = await clientsIn(dir);
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const from = performance.now();
      await work();
      return performance.now() - from;
    };
    const clients = make();
    const firstScan = await timed(() => clients.scan());
    const views = (await clients.scan()).filter(({ installed }) => installed);
    const ids = CLIENTS.map(({ id }) => id);
    const scans: number[] = [];
    const plans: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // Another one each time: what was remembered of the last scan does not count.
      const fresh = make();
      scans.push(await timed(() => fresh.scan()));
      plans.push(await timed(() => fresh.plan(ids, 'connect')));
    }
    return {
      home: filled,
      installed: views.length,
      entries: views.reduce((sum, { entries }) => sum + entries.length, 0),
      firstScan,
      scan: median(scans),
      plan: median(plans),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Puts the golden file of every client where it belongs. */
function fill(dir: string): void {
  for (const [client, { linux }] of Object.entries(PLACES)) {
    if (linux === undefined) continue;
    const name = readdirSync(join(FIXTURES, client)).find((each) => each.startsWith('linux.before.'));
    if (name === undefined) continue;
    const place = join(dir, linux.replace(/^home\/ada\//, ''));
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(FIXTURES, client, name), place);
  }
}

async function clientsIn(dir: string) {
  const dataDir = join(dir, 'data');
  const secrets = await createSecretStore({ files, dir: dataDir, randomBytes });
  const settings = await createSettings({ files, dir: dataDir, clock, log });
  const identities = await createIdentities({ secrets, randomBytes, clientName: (id) => id });
  const servers = createServerRegistry(settings, secrets);
  return () =>
    createClients({
      ports: {
        clock,
        files,
        log,
        randomBytes: (size) => randomBytes(size),
        processes: createProcessList('linux', clock, log),
        machine: {
          platform: 'linux',
          home: dir,
          env: {},
          bridge: { command: '/opt/node', args: ['/opt/b.js'] },
        },
      },
      dataDir,
      secrets,
      identities,
      servers,
      gatewayUrl: () => 'http://127.0.0.1:7717',
      lastHandshake: () => null,
    });
}

export function printClients(figures: readonly ClientFigures[]): void {
  console.log('\nFinding and planning all clients, ms (first scan of a process; then medians)');
  for (const { home, installed, entries, firstScan, scan, plan } of figures)
    console.log(
      `  ${home.padEnd(56)} ${installed} clients, ${entries} entries: first ${firstScan.toFixed(0)}, scan ${scan.toFixed(0)}, plan ${plan.toFixed(0)}`,
    );
}

if (import.meta.main) printClients(await benchClients());
