import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { analyseFile, type EntryState } from '../entries/analyse.ts';
import { droppedRecords } from '../entries/dropped.ts';
import { usualForm } from '../entries/shapes.ts';
import { filesOf } from '../files/client-files.ts';
import type { JournalRecord } from '../files/journal.ts';
import { exists, pathOf } from '../files/paths.ts';
import { isRunning } from '../scan/running.ts';
import { CLIENTS, type ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { applyPlan } from './apply.ts';
import type { FilePlan, RowPlan } from './file-plan.ts';
import { onlyDue } from './follow.ts';
import { freshPlan } from './run.ts';
import type { Workbench } from './workbench.ts';

/** A client that drops its servers again and again is not fought: its entries come back this often at most. */
const QUIET_MS = 60_000;

export interface Upkeep {
  /** Does what is due, one client after the other. Resolves with what was done. */
  run(): Promise<ClientResult[]>;
  /** Something is due that waits for a client to quit. */
  readonly waiting: boolean;
}

/**
 * Keeps what a person routed routed: entries that a client dropped by itself come back, and entries that lead to a bridge or
 * a port of ours that is not there any more (the app was moved or updated) are brought up to date. Touches entries of our own
 * journal that stand as we wrote them, and nothing else.
 */
export function createUpkeep(bench: Workbench): Upkeep {
  const { clock, log } = bench.ports;
  const lastAt = new Map<string, number>();
  let waiting = false;

  const keep = async (row: ClientRow, records: readonly JournalRecord[]): Promise<ClientResult | null> => {
    const due = await dueRecords(row, records, bench);
    if (due.size === 0) return null;
    // It would write its settings over ours when it quits. Where that cannot be known, a person has to say when.
    if (row.dropsServers && (await isRunning(row, bench.ports)) !== false) {
      waiting = true;
      return null;
    }
    if (clock.monotonic() - (lastAt.get(row.id) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) {
      waiting = true;
      return null;
    }
    lastAt.set(row.id, clock.monotonic());
    const only = async (): Promise<RowPlan> => {
      const plan = await freshPlan(row, { direction: 'connect' }, bench);
      return { ...plan, files: plan.files.map((file) => onlyDue(file, due)).filter(hasChanges) };
    };
    return applyPlan(only, undefined, bench);
  };

  return {
    async run() {
      waiting = false;
      const records = (await bench.journal.load()).filter(({ state }) => state === 'applied');
      const results: ClientResult[] = [];
      for (const row of CLIENTS.filter(({ id }) => records.some(({ client }) => client === id))) {
        try {
          const result = await keep(row, records);
          if (result) results.push(result);
        } catch (error) {
          log('warn', `The entries of ${row.name} could not be kept up to date`, error);
        }
      }
      return results;
    },
    get waiting() {
      return waiting;
    },
  };
}

function hasChanges({ changes, problem }: FilePlan): boolean {
  return changes.length > 0 || problem !== null;
}

/** Ids of the records whose entries are gone without a person's doing, or lead nowhere. */
async function dueRecords(
  row: ClientRow,
  records: readonly JournalRecord[],
  deps: ClientDeps,
): Promise<Set<string>> {
  const due = new Set<string>();
  const own = records.filter(({ client }) => client === row.id);
  for (const path of await filesOf(row, deps.ports)) {
    const state = await analyseFile(row, path, own, deps);
    for (const { id, server } of droppedRecords(state, own))
      if (deps.servers.get(server) !== undefined) due.add(id);
    for (const entry of state.entries)
      if (entry.record && entry.state === 'routed' && (await leadsNowhere(entry, deps)))
        due.add(entry.record.id);
  }
  return due;
}

async function leadsNowhere({ row, at, record }: EntryState, deps: ClientDeps): Promise<boolean> {
  if (record?.kept !== undefined || deps.servers.get(record?.server ?? '') === undefined) return false;
  const { url, command, args } = usualForm(at.value, row.dialect.shape) as Record<string, unknown>;
  if (typeof url === 'string') return !url.startsWith(`${deps.gatewayUrl()}/`);
  const { bridge } = deps.ports.machine;
  // A launcher stays where it is whatever becomes of the product: an entry that names a place of the product is brought to it.
  if (bridge.args.length === 0 && typeof command === 'string' && command !== bridge.command) return true;
  const [script] = Array.isArray(args) ? args : [];
  for (const file of [command, script])
    if (typeof file === 'string' && pathOf(deps.ports.machine).isAbsolute(file))
      if (!(await exists(file, deps.ports.files))) return true;
  return false;
}
