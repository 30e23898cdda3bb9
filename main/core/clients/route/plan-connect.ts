import { messageOf } from '../../../../shared/base/message-of.ts';
import type { PlannedEntry } from '../../../../shared/schemas/client.ts';
import { analyseFile, type EntryState, filesOf } from '../entries/analyse.ts';
import { type Draft, secretsOf } from '../entries/draft.ts';
import { importEntry } from '../entries/files-named.ts';
import { isCurrent, ourText, type Reach, whyNotOurs } from '../entries/our-entry.ts';
import { hashOf, type Journal, type JournalRecord } from '../files/journal.ts';
import type { Doc } from '../formats/types.ts';
import { droppedRecords, readd } from '../scan/dropped.ts';
import { managedFiles } from '../scan/scan.ts';
import { type ClientRow, clientName } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import type { FilePlan, RouteChange, RowPlan } from './file-plan.ts';
import type { Names, Registration } from './registration.ts';
import { ALREADY } from './results.ts';

/** How the entries of this core are reached. */
export function reachOf(deps: ClientDeps): Reach {
  return {
    gatewayUrl: () => deps.gatewayUrl(),
    bridge: deps.ports.machine.bridge,
    dataDir: deps.dataDir,
  };
}

/** What routing a client's entries changes. Reads only. */
export async function planConnect(
  row: ClientRow,
  records: readonly JournalRecord[],
  names: Names,
  journal: Journal,
  deps: ClientDeps,
): Promise<RowPlan> {
  const files: FilePlan[] = [];
  const warnings = (await managedFiles(row, deps)).map(
    (path) => `${path} is set by your organisation: while it exists, ${row.name} reads no other servers.`,
  );
  for (const path of await filesOf(row, deps)) {
    const state = await analyseFile(row, path, records, deps);
    warnings.push(...state.warnings);
    const changes: RouteChange[] = [];
    const planned: PlannedEntry[] = [];
    for (const entry of state.entries) {
      const { name, project } = entry;
      const decided = await decideOrSkip(entry, state.doc as Doc, names, journal, deps);
      if (typeof decided === 'string') {
        planned.push({ name, project, action: 'skip', reason: decided, sameAs: null, secrets: [] });
        continue;
      }
      changes.push(decided);
      planned.push({
        name,
        project,
        action: 'route',
        reason: reasonOf(decided, entry),
        sameAs: decided.registration.sameAs ?? null,
        secrets: decided.draft
          ? secretsOf(decided.draft, decided.registration.server).map(({ label }) => label)
          : [],
      });
    }
    for (const record of droppedRecords(row, state, records)) {
      const { name, project } = record;
      if (deps.servers.get(record.server) === undefined) continue;
      const reason = `Brought back: ${row.name} dropped its servers by itself.`;
      changes.push(await readd(row, state, record, journal, reachOf(deps)));
      planned.push({ name, project, action: 'route', reason, sameAs: null, secrets: [] });
    }
    const blocked = state.problem ?? (changes.length > 0 ? state.readOnly : null);
    files.push({ state, changes: blocked ? [] : changes, planned, gone: [], problem: blocked });
  }
  return { row, direction: 'connect', files, warnings };
}

function reasonOf(
  { registration: { server, how, sameAs }, draft }: RouteChange,
  { name }: EntryState,
): string | null {
  if (draft === null) return 'Brought up to date: it is routed, but not as it is reached today.';
  if (sameAs !== undefined)
    return `The same server is registered as ${sameAs}, too: merging them makes one server, with one policy, of both.`;
  if (server === name) return null;
  return how === 'same'
    ? `It uses the server ${server}, which is the same one.`
    : `Registered as ${server}, because ${name} is another server already.`;
}

/** One entry that cannot be decided does not keep the others from being routed. */
async function decideOrSkip(...args: Parameters<typeof decide>): Promise<RouteChange | string> {
  try {
    return await decide(...args);
  } catch (error) {
    return `It cannot be routed: ${messageOf(error)}.`;
  }
}

/** The change to an entry, or why there is none. */
async function decide(
  entry: EntryState,
  doc: Doc,
  names: Names,
  journal: Journal,
  deps: ClientDeps,
): Promise<RouteChange | string> {
  const { row, record } = entry;
  const reach = reachOf(deps);
  const route = (registration: Registration, draft: Draft | null): RouteChange => ({
    kind: 'route',
    at: entry.at,
    name: entry.name,
    project: entry.project,
    registration,
    draft,
    record,
    text: (token) => ourText(doc, entry.at, row.dialect, registration.server, token, reach),
  });
  if (entry.state === 'direct' && entry.draft) {
    const registration = names.choose(entry.name, entry.draft, record);
    return whyNotOurs(row.dialect, registration.server, reach) ?? route(registration, entry.draft);
  }
  if (record && record.state !== 'restored' && record.client !== row.id)
    return `It is routed as an entry of ${clientName(record.client)}, which reads the same file.`;
  if (entry.state !== 'routed' || !record || record.state === 'restored') return entry.reason ?? ALREADY;
  if (record.kept === hashOf(entry.at.text)) return 'You changed it and kept it that way.';
  if (deps.servers.get(record.server) === undefined) {
    const { text } = await journal.original(record.id);
    const before = row.format.entry(text);
    const draft = await importEntry(before?.value, row.dialect, entry.project, entry.file, deps.ports);
    return route(names.choose(entry.name, draft, record), draft);
  }
  if (isCurrent(entry.at.value, row.dialect, record.server, row.id, reach, deps.identities)) return ALREADY;
  return route({ server: record.server, how: 'same' }, null);
}
