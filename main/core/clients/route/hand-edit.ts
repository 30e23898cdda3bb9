import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { analyseFile, type EntryState } from '../entries/analyse.ts';
import { digestOf } from '../entries/draft.ts';
import { ourText } from '../entries/our-entry.ts';
import { hashOf, type Journal, type JournalRecord } from '../files/journal.ts';
import { splice } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { applyPlan } from './apply.ts';
import type { RouteChange, RowPlan } from './file-plan.ts';
import { reachOf } from './plan-connect.ts';

/** An entry of ours that was changed by hand since, and what the person says about it. */
export interface HandEdit {
  readonly file: string;
  readonly name: string;
  readonly project: string | null;
  /** `mine`: it stays as it is, and counts as routed. `ours`: what Drawbridge wrote goes back over it. */
  readonly keep: 'mine' | 'ours';
}

/**
 * Ends the question that an edited entry is. Either way, undo puts back what stood there before it was routed. Rejects with
 * `conflict` when it is not an edited entry any more.
 */
export async function settleHandEdit(
  row: ClientRow,
  edit: HandEdit,
  records: readonly JournalRecord[],
  journal: Journal,
  deps: ClientDeps,
): Promise<ClientResult> {
  const state = await analyseFile(row, edit.file, records, deps);
  if (state.problem !== null) throw new RpcError('refused', state.problem);
  const entry = state.entries.find((each) => isEdited(each, edit));
  if (!entry?.record) throw noneSuch(edit);
  if (edit.keep === 'mine') return keep(row, entry, entry.record, journal);
  return applyPlan(() => planOurs(row, edit, journal, deps), undefined, journal, deps);
}

/** Ours in the place of what was made of it: what the original said beside how it is reached, as when it was routed. */
async function planOurs(
  row: ClientRow,
  edit: HandEdit,
  journal: Journal,
  deps: ClientDeps,
): Promise<RowPlan> {
  const state = await analyseFile(row, edit.file, await journal.load(), deps);
  const entry = state.entries.find((each) => isEdited(each, edit));
  if (!state.doc || !entry?.record) throw noneSuch(edit);
  const { doc, readOnly } = state;
  const { at, record } = entry;
  const { server } = record;
  if (deps.servers.get(server) === undefined)
    throw new RpcError(
      'refused',
      `The server ${server} is not registered any more.`,
      `Put the client's own entry back: drawbridge disconnect ${row.id}`,
    );
  const { text: original } = await journal.original(record.id);
  const before = splice(doc.text, [{ start: at.start, end: at.end, text: doc.relayout(at, original) }]);
  const parsed = row.format.parse(before, row.strictness);
  const like = parsed.ok ? parsed.doc.find(at.path) : undefined;
  if (!parsed.ok || !like)
    throw new RpcError('refused', `${edit.name} cannot be put back as Drawbridge wrote it.`);
  const change: RouteChange = {
    kind: 'route',
    at,
    name: edit.name,
    project: edit.project,
    registration: { server, how: 'same' },
    draft: null,
    record,
    text: (token) => ourText(parsed.doc, like, row.dialect, server, token, reachOf(deps)),
  };
  const changes = readOnly === null ? [change] : [];
  return {
    row,
    direction: 'connect',
    files: [{ state, changes, planned: [], gone: [], problem: readOnly }],
    warnings: [],
  };
}

function isEdited(entry: EntryState, { file, name, project }: HandEdit): boolean {
  return entry.state === 'edited' && entry.file === file && entry.name === name && entry.project === project;
}

function noneSuch({ name, file }: HandEdit): RpcError {
  return new RpcError(
    'conflict',
    `${name} in ${file} is not an entry of ours that was changed by hand any more. Nothing was written.`,
    'Look at the client again.',
  );
}

async function keep(
  row: ClientRow,
  entry: EntryState,
  record: JournalRecord,
  journal: Journal,
): Promise<ClientResult> {
  const hash = hashOf(entry.at.text);
  const form = { hash, meaning: digestOf(entry.at.value) };
  const server = entry.server ?? record.server;
  await journal.save([{ ...record, server, ours: [...record.ours, form], kept: hash }]);
  return {
    client: row.id,
    name: row.name,
    ok: true,
    message: `${entry.name} stays as you changed it. Undo puts back what stood there before it was routed.`,
    routed: [],
    restored: [],
    restart: null,
  };
}
