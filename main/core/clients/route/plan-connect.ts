import { messageOf } from '../../../../shared/base/message-of.ts';
import type { PlannedEntry } from '../../../../shared/schemas/client.ts';
import { admissionText } from '../../../../shared/text/core/client-lists.ts';
import { planText } from '../../../../shared/text/core/clients.ts';
import { type Admission, admissionOf } from '../entries/admission.ts';
import { analyseFile, type EntryState, type FileState, withVersionControl } from '../entries/analyse.ts';
import type { Draft } from '../entries/draft.ts';
import { droppedRecords } from '../entries/dropped.ts';
import { importEntry } from '../entries/import-entry.ts';
import { isCurrent, type Ours, ourReach, ourText, whyNotOurs } from '../entries/our-entry.ts';
import { secretsOf } from '../entries/secrets.ts';
import { filesOf, managedFiles } from '../files/client-files.ts';
import { hashOf } from '../files/hash.ts';
import type { JournalRecord } from '../files/journal.ts';
import { type Doc, splice } from '../formats/types.ts';
import { formerEntries } from '../scan/client-lists.ts';
import { type ClientRow, clientName } from '../table/index.ts';
import type { FilePlan, RouteChange, RowPlan } from './file-plan.ts';
import type { Registration } from './registration.ts';
import type { Run, Workbench } from './workbench.ts';

/** What routing a client's entries changes. Reads only. */
export async function planConnect(row: ClientRow, run: Run): Promise<RowPlan> {
  const { bench, records } = run;
  const managed = await managedFiles(row, bench.ports);
  const admission = await admissionOf(row, bench);
  const warnings = [...managed.map((path) => planText.managed(path, row.name)), ...admission.problems];
  const files: FilePlan[] = [];
  for (const path of await filesOf(row, bench.ports)) {
    const state = await analyseFile(row, path, records, bench);
    const file = await planFile(state, admission, run);
    warnings.push(...file.state.warnings, ...(file.changes.length > 0 ? file.state.notes : []));
    files.push(file);
  }
  for (const { file, name, reason } of await formerEntries(row, bench))
    warnings.push(planText.formerly(file, name, reason ?? ''));
  return { row, direction: 'connect', files, warnings };
}

async function planFile(read: FileState, admission: Admission, run: Run): Promise<FilePlan> {
  const { bench, records } = run;
  const state = await withVersionControl(read, bench.ports);
  const changes: RouteChange[] = [];
  const planned: PlannedEntry[] = [];
  for (const entry of state.entries) {
    const { name, project } = entry;
    const decided = await decideOrSkip(entry, state, admission, run);
    if (typeof decided === 'string') {
      planned.push({ name, project, action: 'skip', reason: decided, sameAs: null, secrets: [] });
      continue;
    }
    const { draft, registration } = decided;
    const secrets = draft ? secretsOf(draft, registration.server).map(({ label }) => label) : [];
    const sameAs = registration.sameAs ?? null;
    changes.push(decided);
    planned.push({ name, project, action: 'route', reason: reasonOf(decided), sameAs, secrets });
  }
  for (const record of droppedRecords(state, records)) {
    const { name, project, server } = record;
    if (bench.servers.get(server) === undefined) continue;
    const reason = planText.broughtBack(state.row.name);
    changes.push(await bringBack(record, state, bench));
    planned.push({ name, project, action: 'route', reason, sameAs: null, secrets: [] });
  }
  const blocked = state.problem ?? (changes.length > 0 ? state.readOnly : null);
  return { state, changes: blocked ? [] : changes, planned, gone: [], problem: blocked };
}

function reasonOf({
  name,
  registration: { server, how, sameAs, besides },
  draft,
}: RouteChange): string | null {
  if (draft === null) return planText.broughtUpToDate;
  if (sameAs !== undefined) return planText.sameAs(sameAs);
  if (server === name) return null;
  if (how === 'same') return planText.usesSame(server);
  return besides ? planText.besides(server, besides) : planText.renamed(server, name);
}

/** One entry that cannot be decided does not keep the others from being routed. */
async function decideOrSkip(...args: Parameters<typeof decide>): Promise<RouteChange | string> {
  try {
    return await decide(...args);
  } catch (error) {
    return planText.cannotRoute(messageOf(error));
  }
}

/** The change to an entry, or why there is none. */
async function decide(
  entry: EntryState,
  state: FileState,
  admission: Admission,
  { bench, names }: Run,
): Promise<RouteChange | string> {
  const doc = state.doc as Doc;
  const { withoutToken } = state;
  const { row, record, at, name, project } = entry;
  const { dialect } = row;
  const { reach, servers } = bench;
  const route = (registration: Registration, draft: Draft | null): RouteChange => ({
    kind: 'route',
    at,
    name,
    project,
    registration,
    draft,
    record,
    text: ourText(doc, at, { dialect, server: registration.server, reach, withoutToken }),
  });
  if (entry.state === 'direct' && entry.draft) {
    const registration = names.choose(name, entry.draft, record);
    const ours = { dialect, server: registration.server, reach, withoutToken };
    return whyNotOurs(ours) ?? whyRefused(entry, ours, admission) ?? route(registration, entry.draft);
  }
  if (record && record.state !== 'restored' && record.client !== row.id)
    return planText.routedForAnother(clientName(record.client));
  if (entry.state !== 'routed' || !record || record.state === 'restored')
    return entry.reason ?? planText.already;
  if (record.kept === hashOf(at.text)) return planText.keptByHand;
  const { server } = record;
  if (servers.get(server) === undefined) {
    const { text } = await bench.journal.original(record.id);
    const before = row.format.entry(text);
    const draft = await importEntry(before?.value, dialect, project, entry.file, bench);
    return route(names.choose(name, draft, record), draft);
  }
  if (isCurrent(at.value, { dialect, server, reach, withoutToken }, row.id, bench.identities))
    return planText.already;
  return route({ server, how: 'same' }, null);
}

/** Why the client would not take our entry by the rules that are set for it, for people. */
function whyRefused({ row, name }: EntryState, ours: Ours, admission: Admission): string | null {
  const reach = ourReach(ours);
  const why = admission.refuses({ name, reach });
  const shown = 'url' in reach ? reach.url : [reach.command, ...reach.args].join(' ');
  return why === null ? null : admissionText.left(row.name, why, shown);
}

/** Puts our entry back where the client dropped it, with the fields that the person's own had. */
async function bringBack(record: JournalRecord, state: FileState, bench: Workbench): Promise<RouteChange> {
  const { row, doc, path, withoutToken } = state;
  const { name, project, server } = record;
  const { text: original } = await bench.journal.original(record.id);
  return {
    kind: 'route',
    at: null,
    name,
    project,
    registration: { server, how: 'same' },
    draft: null,
    record,
    text(token) {
      // Laid out as the original would stand in this file, and then as ours in its place.
      const added = doc ? splice(doc.text, [doc.add(record.path, original)]) : '';
      const parsed = row.format.parse(added, row.strictness);
      const at = parsed.ok ? parsed.doc.find(record.path) : undefined;
      if (!parsed.ok || !at) throw new Error(`${name} cannot be put back into ${path}.`);
      return ourText(parsed.doc, at, { dialect: row.dialect, server, reach: bench.reach, withoutToken })(
        token,
      );
    },
  };
}
