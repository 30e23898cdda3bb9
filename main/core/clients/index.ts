import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientPlan, ClientResult } from '../../../shared/schemas/client.ts';
import { createQueue } from '../base/queue.ts';
import { filesOf } from './entries/analyse.ts';
import { createJournal, type JournalRecord } from './files/journal.ts';
import { watchFiles } from './files/watch.ts';
import { applyPlan } from './route/apply.ts';
import { failedPlan, type RowPlan, showPlan } from './route/file-plan.ts';
import { settleHandEdit } from './route/hand-edit.ts';
import { planConnect } from './route/plan-connect.ts';
import { planRestore } from './route/plan-restore.ts';
import { recoverAll } from './route/recovery.ts';
import { createNames, type Names } from './route/registration.ts';
import { failure } from './route/results.ts';
import { createUpkeep } from './route/upkeep.ts';
import { diagnose } from './scan/diagnose.ts';
import { mustQuitFirst } from './scan/running.ts';
import { scanClients } from './scan/scan.ts';
import { createScanFile } from './scan/scan-file.ts';
import { CLIENTS, type ClientRow, clientName, clientRow } from './table/index.ts';
import type { ClientDeps, Clients, Direction } from './types.ts';

export { CLIENTS, clientName, clientRow } from './table/index.ts';
export type { ClientDeps, Clients, Direction } from './types.ts';

/** The AI clients of this machine. Nothing is read or written before the first call. */
export function createClients(deps: ClientDeps): Clients {
  const journal = createJournal({ ports: deps.ports, dir: deps.dataDir, secrets: deps.secrets });
  const scanFile = createScanFile(deps);
  const queue = createQueue();
  let recovered: Promise<void> | undefined;
  let stopWatching: (() => void) | undefined;
  let stopped = false;

  /** One after the other: two at once could each overwrite what the other noted in the journal. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (stopped) return Promise.reject(new RpcError('refused', 'Drawbridge is stopping.'));
    return queue(async () => {
      recovered ??= recoverAll(journal, deps);
      try {
        await recovered;
      } catch (error) {
        recovered = undefined;
        throw error;
      }
      return work();
    });
  };

  const planRow = async (
    row: ClientRow,
    direction: Direction,
    records: readonly JournalRecord[],
    names: Names,
    force: boolean,
  ): Promise<RowPlan> => {
    const plan =
      direction === 'connect'
        ? await planConnect(row, records, names, journal, deps)
        : await planRestore(row, records, force, journal, deps);
    const quit = await mustQuitFirst(row, deps.ports);
    return quit === null ? plan : { ...plan, warnings: [quit, ...plan.warnings] };
  };

  const freshPlan = async (
    row: ClientRow,
    direction: Direction,
    force: boolean,
    merge = false,
  ): Promise<RowPlan> => {
    const records = await journal.load();
    return planRow(row, direction, records, await createNames(records, deps, merge), force);
  };

  const applyRow = (
    row: ClientRow,
    direction: Direction,
    options: { readonly force: boolean; readonly digest: string | undefined; readonly merge?: boolean },
  ): Promise<ClientResult> =>
    applyPlan(() => freshPlan(row, direction, options.force, options.merge), options.digest, journal, deps);

  const upkeep = createUpkeep(journal, (row) => freshPlan(row, 'connect', false), deps);

  /** One client's failure is its own result. */
  const contained = async (id: string, work: () => Promise<ClientResult>): Promise<ClientResult> => {
    try {
      const result = await work();
      // What could not be noted to its end is looked at once more before anything else is done.
      if (!result.ok) recovered = undefined;
      return result;
    } catch (error) {
      recovered = undefined;
      deps.ports.log('warn', `Changing the files of ${clientName(id)} failed`, error);
      return failure(id, clientName(id), messageOf(error));
    }
  };

  return {
    scan: () => inTurn(async () => scanClients(await journal.load(), deps, scanFile)),
    plan: (ids, direction, { merge } = {}) => {
      const rows = rowsOf(ids);
      return inTurn(async () => {
        const records = await journal.load();
        const names = await createNames(records, deps, merge);
        const plans: ClientPlan[] = [];
        for (const row of rows) {
          try {
            plans.push(showPlan(await planRow(row, direction, records, names, false)));
          } catch (error) {
            deps.ports.log('warn', `No plan could be made for ${row.name}`, error);
            plans.push(failedPlan(row, direction, error));
          }
        }
        return plans;
      });
    },
    apply: (ids, direction, digests, { merge = false } = {}) => {
      const rows = rowsOf(ids);
      return inTurn(async () => {
        const results: ClientResult[] = [];
        for (const row of rows)
          results.push(
            await contained(row.id, async () => {
              const quit = await mustQuitFirst(row, deps.ports);
              if (quit !== null) return failure(row.id, row.name, `Nothing was changed: ${quit}`);
              return applyRow(row, direction, { force: false, digest: digests?.[row.id], merge });
            }),
          );
        return results;
      });
    },
    restoreAll: () =>
      inTurn(async () => {
        const live = (await journal.load()).filter(({ state }) => state !== 'restored');
        const results: ClientResult[] = [];
        for (const id of new Set(live.map(({ client }) => client))) {
          const row = clientRow(id);
          results.push(
            row
              ? await contained(id, () => applyRow(row, 'disconnect', { force: true, digest: undefined }))
              : failure(id, id, `The journal names a client ${id} that this version does not know.`),
          );
        }
        return results;
      }),
    settleHandEdit: (id, edit) => {
      const [row] = rowsOf([id]) as [ClientRow];
      return inTurn(async () => settleHandEdit(row, edit, await journal.load(), journal, deps));
    },
    diagnose: () => inTurn(async () => diagnose(await journal.load(), deps)),
    recover: () => inTurn(async () => undefined),
    keepUp: () => inTurn(() => upkeep.run()),
    watch(onChange) {
      stopWatching?.();
      const paths = async (): Promise<string[]> =>
        (await Promise.all(CLIENTS.map((row) => filesOf(row, deps)))).flat();
      stopWatching = watchFiles(paths, () => upkeep.waiting, deps, onChange);
    },
    async stop() {
      stopped = true;
      stopWatching?.();
      stopWatching = undefined;
      await queue(() => undefined);
    },
  };
}

function rowsOf(ids: readonly string[]): ClientRow[] {
  return [...new Set(ids)].map((id) => {
    const row = clientRow(id);
    if (row) return row;
    const known = CLIENTS.map((each) => each.id).join(', ');
    throw new RpcError('not_found', `No client is called ${id}.`, `Known clients: ${known}`);
  });
}
