import { mustQuitFirst } from '../scan/running.ts';
import type { ClientRow } from '../table/index.ts';
import type { RowPlan } from './file-plan.ts';
import { planConnect } from './plan-connect.ts';
import { planRestore } from './plan-restore.ts';
import { createNames } from './registration.ts';
import type { Run, Wish, Workbench } from './workbench.ts';

/** Begins a run of planning with the journal as it is now. What it plans for one client counts for the next. */
export async function beginRun(wish: Wish, bench: Workbench): Promise<Run> {
  const records = await bench.journal.load();
  return { bench, wish, records, names: await createNames(records, bench, wish.merge) };
}

/** What is done to the files of one client to fulfil a run's wish. Reads only. */
export async function planRow(row: ClientRow, run: Run): Promise<RowPlan> {
  const plan = run.wish.direction === 'connect' ? await planConnect(row, run) : await planRestore(row, run);
  const quit = await mustQuitFirst(row, run.bench.ports);
  return quit === null ? plan : { ...plan, warnings: [quit, ...plan.warnings] };
}

/** The plan of one client as its files and the journal are now. */
export async function freshPlan(row: ClientRow, wish: Wish, bench: Workbench): Promise<RowPlan> {
  return planRow(row, await beginRun(wish, bench));
}
