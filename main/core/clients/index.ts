/**
 * The AI clients of this machine: their files are read, changed and put back. The rooms, from the bottom to the top; each may
 * import those before it (and `types.ts`), none after it:
 *
 *   formats  one kind of file (JSON, TOML, YAML): finds entries in a text and writes single ones; knows no client
 *   table    what is known of each client, a row each: where its files are, how it writes a server, how patient it is
 *   files    the machine: where files are, reading and replacing one, the client's lock, the journal of what was changed
 *   entries  what an entry of a file means: ours, one that can be routed, one that cannot, and where its secrets are
 *   scan     what is shown of all this, and what is wrong with it; changes nothing
 *   route    plans, changes, puts back, recovers
 *
 * What is said to people is in `shared/text/core/clients.ts`.
 */
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientPlan, ClientResult } from '../../../shared/schemas/client.ts';
import { resultText } from '../../../shared/text/core/clients.ts';
import { createQueue } from '../base/queue.ts';
import { filesOf } from './files/client-files.ts';
import { applyRow } from './route/apply.ts';
import { follow, planFollow } from './route/follow.ts';
import { settleHandEdit } from './route/hand-edit.ts';
import { copyToLocalScope } from './route/local-scope.ts';
import { recoverAll } from './route/recovery.ts';
import { failure } from './route/results.ts';
import { beginRun, planRow } from './route/run.ts';
import { failedPlan, showPlan } from './route/show-plan.ts';
import { createUpkeep } from './route/upkeep.ts';
import { createWorkbench } from './route/workbench.ts';
import { diagnose } from './scan/diagnose.ts';
import { scanClients } from './scan/scan.ts';
import { createScanFile } from './scan/scan-file.ts';
import { watchFiles } from './scan/watch.ts';
import { CLIENTS, type ClientRow, clientName, clientRow } from './table/index.ts';
import type { ClientDeps, Clients } from './types.ts';

export { CLIENTS, clientName, clientRow } from './table/index.ts';
export type { ClientDeps, Clients, Direction } from './types.ts';

/** The AI clients of this machine. Nothing is read or written before the first call. */
export function createClients(deps: ClientDeps): Clients {
  const bench = createWorkbench(deps);
  const { journal, ports } = bench;
  const scanFile = createScanFile(deps);
  const upkeep = createUpkeep(bench);
  const queue = createQueue();
  let recovered: Promise<void> | undefined;
  let stopWatching: (() => void) | undefined;
  let stopped = false;

  /** One after the other: two at once could each overwrite what the other noted in the journal. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (stopped) return Promise.reject(new RpcError('refused', 'Drawbridge is stopping.'));
    return queue(async () => {
      recovered ??= recoverAll(bench);
      try {
        await recovered;
      } catch (error) {
        recovered = undefined;
        throw error;
      }
      return work();
    });
  };

  /** One client's failure is its own result. */
  const contained = async (id: string, work: () => Promise<ClientResult>): Promise<ClientResult> => {
    try {
      const result = await work();
      // What could not be noted to its end is looked at once more before anything else is done.
      if (!result.ok) recovered = undefined;
      return result;
    } catch (error) {
      recovered = undefined;
      ports.log('warn', `Changing the files of ${clientName(id)} failed`, error);
      return failure(id, clientName(id), messageOf(error));
    }
  };

  return {
    scan: () => inTurn(async () => scanClients(await journal.load(), deps, scanFile)),
    plan: (ids, direction, { merge } = {}) => {
      const rows = rowsOf(ids);
      return inTurn(async () => {
        const run = await beginRun({ direction, merge }, bench);
        const plans: ClientPlan[] = [];
        for (const row of rows) {
          try {
            plans.push(showPlan(await planRow(row, run)));
          } catch (error) {
            ports.log('warn', `No plan could be made for ${row.name}`, error);
            plans.push(failedPlan(row, direction, error));
          }
        }
        return plans;
      });
    },
    apply: (ids, direction, digests, { merge } = {}) => {
      const rows = rowsOf(ids);
      return inTurn(async () => {
        const results: ClientResult[] = [];
        for (const row of rows)
          results.push(
            await contained(row.id, () => applyRow(row, { direction, merge }, digests?.[row.id], bench)),
          );
        return results;
      });
    },
    restoreAll: () =>
      inTurn(async () => {
        const records = await journal.load();
        const live = new Set(records.filter(({ state }) => state !== 'restored').map(({ client }) => client));
        const results: ClientResult[] = [];
        // Also those that are undone: a client may have written ours again.
        for (const id of new Set(records.map(({ client }) => client))) {
          const row = clientRow(id);
          const wish = { direction: 'disconnect', force: true } as const;
          const result = row
            ? await contained(id, () => applyRow(row, wish, undefined, bench))
            : failure(id, id, resultText.unknownInJournal(id));
          if (live.has(id) || (row && (!result.ok || result.restored.length > 0))) results.push(result);
        }
        return results;
      }),
    copyToLocalScope: (id, dryRun) => {
      const [row] = rowsOf([id]) as [ClientRow];
      return inTurn(() => copyToLocalScope(row, dryRun, bench));
    },
    settleHandEdit: (id, edit) => {
      const [row] = rowsOf([id]) as [ClientRow];
      return inTurn(() => settleHandEdit(row, edit, bench));
    },
    diagnose: () => inTurn(async () => diagnose(await journal.load(), deps)),
    recover: () => inTurn(async () => undefined),
    keepUp: () => inTurn(() => upkeep.run()),
    planFollow: (gatewayUrl) =>
      inTurn(() => planFollow(createWorkbench({ ...deps, gatewayUrl: () => gatewayUrl }))),
    follow: () => inTurn(() => follow(bench)),
    serverRenamed: (from, to) =>
      inTurn(async () => {
        const records = (await journal.load()).filter(({ server }) => server === from);
        if (records.length > 0) await journal.save(records.map((record) => ({ ...record, server: to })));
      }),
    watch(onChange) {
      stopWatching?.();
      const paths = async (): Promise<string[]> =>
        (await Promise.all(CLIENTS.map((row) => filesOf(row, ports)))).flat();
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
