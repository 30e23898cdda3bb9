import { messageOf } from '../../../../shared/base/message-of.ts';
import { resultText } from '../../../../shared/text/core/clients.ts';
import { FileChanged, Overwritten, replaceConfig } from '../files/config-file.ts';
import { digestOf, hashOf } from '../files/hash.ts';
import type { JournalRecord, Original } from '../files/journal.ts';
import { type Holding, holdingOf } from '../files/lock.ts';
import { writeTokenFile } from '../files/token-file.ts';
import type { Doc } from '../formats/types.ts';
import { type FilePlan, pathOf, type RestoreChange, type RouteChange } from './file-plan.ts';
import { holdsChanges, nextText, verifyText } from './file-text.ts';
import { settle } from './recovery.ts';
import { register } from './registration.ts';
import type { Workbench } from './workbench.ts';

/** One file that is being changed: what was planned for it, and what it is done with. */
export class FileWork {
  readonly #plan: FilePlan;
  readonly #bench: Workbench;
  /** Holds what keeps the client from writing its file. */
  readonly lock: Holding;

  constructor(plan: FilePlan, bench: Workbench) {
    this.#plan = plan;
    this.#bench = bench;
    this.lock = holdingOf(plan.state.path, plan.state.row.lock, bench.ports);
  }

  /**
   * Carries the plan out: journal, then servers, then the file (while `holding` what keeps its client from writing), then
   * the journal again. Throws, with the file as it was, when it changed since the plan or cannot be written.
   */
  async carryOut(holding: Holding = this.lock): Promise<void> {
    const { changes, gone } = this.#plan;
    const routes = changes.filter((change) => change.kind === 'route');
    const restores = changes.filter((change) => change.kind === 'restore');
    if (routes.length > 0) await this.#route(routes, holding);
    if (restores.length > 0) await this.#restore(restores, holding);
    if (gone.length > 0) await this.#finishRestore(gone);
  }

  async #route(changes: readonly RouteChange[], holding: Holding): Promise<void> {
    const { journal, identities } = this.#bench;
    const token = await identities.tokenFor(this.#plan.state.row.id);
    if (this.#plan.state.withoutToken !== undefined)
      await writeTokenFile(this.#plan.state.row.id, token, {
        dataDir: this.#bench.dataDir,
        files: this.#bench.ports.files,
      });
    const next = nextText(this.#plan, token);
    const after = verifyText(this.#plan, next);
    const noted = changes.map((change) => this.#note(change, after));
    const records = noted.map(({ record }) => record);
    await journal.keepOriginals(noted.flatMap(({ original }) => original ?? []));
    const before = changes.flatMap(({ record }) => (record && record.state !== 'restored' ? [record] : []));
    await this.#undoneOnError(records, before, async () => {
      await journal.save(records);
      for (const { draft, registration } of changes)
        if (draft) await register(registration, draft, this.#bench);
      await this.#write(next, holding);
    });
    const replaced = noted.flatMap((each) => each.replaces ?? []);
    await this.#noted(async () => {
      await journal.save(records.map((record) => ({ ...record, state: 'applied' })));
      if (replaced.length > 0) await journal.drop(replaced);
    });
  }

  /** What the journal says of a change before the file is touched; `after` is the file as it will be. */
  #note(
    change: RouteChange,
    after: Doc,
  ): { record: JournalRecord; original?: Original; replaces?: string | undefined } {
    const { state } = this.#plan;
    const { journal, ports } = this.#bench;
    const path = pathOf(change);
    const written = after.find(path);
    if (!written) throw new Error(`${state.path} would lose ${change.name}. Nothing was written.`);
    const ours = { hash: hashOf(written.text), meaning: digestOf(written.value) };
    const live = change.record && change.record.state !== 'restored' ? change.record : null;
    const record: JournalRecord = {
      id: live?.id ?? journal.newId(),
      client: state.row.id,
      file: state.path,
      path: [...path],
      name: change.name,
      project: change.project,
      server: change.registration.server,
      state: 'writing',
      at: ports.clock.now(),
      ours: [...(live?.ours ?? []), ours],
    };
    if (live || !change.at) return { record };
    const { text } = change.at;
    const original = { record, text, hash: hashOf(text), layout: state.doc?.layout(change.at) ?? '' };
    return { record, original, replaces: change.record?.id };
  }

  async #restore(changes: readonly RestoreChange[], holding: Holding): Promise<void> {
    const next = nextText(this.#plan, '');
    verifyText(this.#plan, next);
    const records: JournalRecord[] = changes.map(({ record }) => ({ ...record, state: 'restoring' }));
    const before = changes.map(({ record }) => record);
    await this.#undoneOnError(records, before, async () => {
      await this.#bench.journal.keepOriginals(
        changes.flatMap(({ original, record }) => (original ? [{ ...original, record }] : [])),
      );
      await this.#bench.journal.save(records);
      await this.#write(next, holding);
    });
    await this.#noted(() => this.#finishRestore(records));
  }

  async #finishRestore(records: readonly JournalRecord[]): Promise<void> {
    const { journal } = this.#bench;
    await journal.save(records.map((record) => ({ ...record, state: 'restored' })));
    await journal.setAside(records.map(({ id }) => id));
  }

  async #write(next: string, holding: Holding): Promise<void> {
    const { path, hash } = this.#plan.state;
    const after = await replaceConfig(path, hash ?? '', next, this.#bench.ports, holding);
    // A client that holds its settings in memory may write them over ours at once. One that read ours first has kept it.
    if (after !== null && !holdsChanges(this.#plan, next, after.text)) throw new Overwritten(path);
  }

  /**
   * When `work` fails, the journal is set right before the error goes on: by what is in the file, or to what it was `before`
   * where the file is known not to have been touched.
   */
  async #undoneOnError(
    records: readonly JournalRecord[],
    before: readonly JournalRecord[],
    work: () => Promise<void>,
  ): Promise<void> {
    const { journal, ports } = this.#bench;
    try {
      await work();
    } catch (error) {
      if (error instanceof FileChanged) {
        const known = new Set(before.map(({ id }) => id));
        await journal.save(before);
        await journal.drop(records.map(({ id }) => id).filter((id) => !known.has(id)));
        throw error;
      }
      for (const record of records) {
        try {
          await settle(record, this.#bench, error instanceof Overwritten);
        } catch (left) {
          ports.log('warn', `The change of ${record.name} in ${record.file} stays open`, left);
        }
      }
      throw error;
    }
  }

  /** The file is changed by then. What the journal lacks is found out from the file by the next recovery. */
  async #noted(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw new Error(resultText.notNoted(this.#plan.state.path, messageOf(cause)), { cause });
    }
  }
}
