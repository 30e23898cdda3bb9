import { mustQuitFirst } from '../scan/running.ts';
import type { ClientRow } from '../table/index.ts';
import type { RowPlan } from './file-plan.ts';
import { planConnect } from './plan-connect.ts';
import { planRestore } from './plan-restore.ts';
import type { Run } from './workbench.ts';

/** What is done to the files of one client to fulfil a run's wish. Reads only. */
export async function planRow(row: ClientRow, run: Run): Promise<RowPlan> {
  const plan = run.wish.direction === 'connect' ? await planConnect(row, run) : await planRestore(row, run);
  const quit = await mustQuitFirst(row, run.bench.ports);
  return quit === null ? plan : { ...plan, warnings: [quit, ...plan.warnings] };
}
