import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { handEditText } from '../../../../shared/text/core/clients.ts';
import { analyseFile, type EntryState, type FileState, withVersionControl } from '../entries/analyse.ts';
import { ourText } from '../entries/our-entry.ts';
import { digestOf, hashOf } from '../files/hash.ts';
import type { JournalRecord } from '../files/journal.ts';
import { splice } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { HandEdit } from '../types.ts';
import { applyPlan } from './apply.ts';
import type { RouteChange, RowPlan } from './file-plan.ts';
import type { Workbench } from './workbench.ts';

/**
 * Ends the question that an edited entry is. Either way, undo puts back what stood there before it was routed. Rejects with
 * `conflict` when it is not an edited entry any more.
 */
export async function settleHandEdit(
  row: ClientRow,
  edit: HandEdit,
  bench: Workbench,
): Promise<ClientResult> {
  const { state, entry, record } = await findEdited(row, edit, bench);
  if (state.problem !== null) throw new RpcError('refused', state.problem);
  if (!entry || !record) throw noneSuch(edit);
  if (edit.keep === 'mine') return keep(entry, record, bench);
  return applyPlan(() => planOurs(row, edit, bench), undefined, bench);
}

/** Ours in the place of what was made of it: what the original said beyond how it is reached, as when it was routed. */
async function planOurs(row: ClientRow, edit: HandEdit, bench: Workbench): Promise<RowPlan> {
  const { state, entry, record } = await findEdited(row, edit, bench);
  if (!state.doc || !entry || !record) throw noneSuch(edit);
  const { doc, readOnly } = state;
  const { at } = entry;
  const { server } = record;
  if (bench.servers.get(server) === undefined)
    throw new RpcError('refused', handEditText.serverGone(server), handEditText.putOwnBack(row.id));
  const { text: original } = await bench.journal.original(record.id);
  const before = splice(doc.text, [{ start: at.start, end: at.end, text: doc.relayout(at, original) }]);
  const parsed = row.format.parse(before, row.strictness);
  const like = parsed.ok ? parsed.doc.find(at.path) : undefined;
  if (!parsed.ok || !like) throw new RpcError('refused', handEditText.cannotPutBack(edit.name));
  const change: RouteChange = {
    kind: 'route',
    at,
    name: edit.name,
    project: edit.project,
    registration: { server, how: 'same' },
    draft: null,
    record,
    text: ourText(parsed.doc, like, {
      dialect: row.dialect,
      server,
      reach: bench.reach,
      withoutToken: state.withoutToken,
    }),
  };
  const changes = readOnly === null ? [change] : [];
  return {
    row,
    direction: 'connect',
    files: [{ state, changes, planned: [], gone: [], problem: readOnly }],
    warnings: [],
  };
}

interface Edited {
  readonly state: FileState;
  readonly entry: EntryState | undefined;
  readonly record: JournalRecord | undefined;
}

/** The file as it is now, and the edited entry where there still is one. */
async function findEdited(row: ClientRow, edit: HandEdit, bench: Workbench): Promise<Edited> {
  const { file, name, project } = edit;
  const read = await analyseFile(row, file, await bench.journal.load(), bench);
  const state = await withVersionControl(read, bench.ports);
  const entry = state.entries.find(
    (each) => each.state === 'edited' && each.file === file && each.name === name && each.project === project,
  );
  return { state, entry, record: entry?.record ?? undefined };
}

function noneSuch({ name, file }: HandEdit): RpcError {
  return new RpcError('conflict', handEditText.notEditedAnyMore(name, file), handEditText.lookAgain);
}

/** The person's form of our entry counts as ours from now on. */
async function keep(entry: EntryState, record: JournalRecord, bench: Workbench): Promise<ClientResult> {
  const { row, at, name } = entry;
  const hash = hashOf(at.text);
  const form = { hash, meaning: digestOf(at.value) };
  const server = entry.server ?? record.server;
  await bench.journal.save([{ ...record, server, ours: [...record.ours, form], kept: hash }]);
  return {
    client: row.id,
    name: row.name,
    ok: true,
    message: handEditText.stays(name),
    routed: [],
    restored: [],
    restart: null,
  };
}
