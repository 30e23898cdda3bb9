import type { ClientEntry, ClientView } from '../../../../shared/schemas/client.ts';
import { fileText } from '../../../../shared/text/core/clients.ts';
import { whyNotRead } from '../../base/plain-file.ts';
import { filesOf, hasTraces, templates } from '../files/client-files.ts';
import type { JournalRecord } from '../files/journal.ts';
import { expandPath } from '../files/paths.ts';
import { CLIENTS, type ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { byHandOf } from './by-hand.ts';
import { formerEntries } from './client-lists.ts';
import { extensionEntries, projectEntries } from './project-and-extension-entries.ts';
import { isRunning } from './running.ts';
import { readToShow, type ScanFile, type ScannedFile } from './scan-file.ts';
import { withSharedFiles } from './shared-files.ts';

/** Every client of the table as it is on this machine now. */
export async function scanClients(
  journal: readonly JournalRecord[],
  deps: ClientDeps,
  scanFile: ScanFile = (row, path, records) => readToShow(row, path, records, deps),
): Promise<ClientView[]> {
  const scanned = await Promise.all(CLIENTS.map((row) => contained(row, journal, deps, scanFile)));
  // One client knows the folders of a project, and several have a file in it.
  const projects = new Set(scanned.flatMap((each) => each.projects));
  const views = await Promise.all(
    scanned.map(({ view }, at) => withProjects(CLIENTS[at], view, projects, deps)),
  );
  return withSharedFiles(views, deps);
}

/** A client as it is shown, and the project folders that its files speak of. */
interface Scanned {
  readonly view: ClientView;
  readonly projects: readonly string[];
}

async function withProjects(
  row: ClientRow | undefined,
  view: ClientView,
  projects: ReadonlySet<string>,
  deps: ClientDeps,
): Promise<ClientView> {
  if (!row || !view.installed || projects.size === 0) return view;
  const outside = await projectEntries(row, projects, deps);
  if (outside.length === 0) return view;
  const entries = [...view.entries, ...outside];
  const copies = row.localScope ? { copiesProjectFiles: true } : {};
  return { ...view, ...copies, entries, state: stateOf(view.installed, view.files, entries) };
}

/** A client whose files cannot even be looked for is a problem of that client alone. */
async function contained(
  row: ClientRow,
  journal: readonly JournalRecord[],
  deps: ClientDeps,
  scanFile: ScanFile,
): Promise<Scanned> {
  try {
    return await scanClient(row, journal, deps, scanFile);
  } catch (error) {
    const problem = fileText.notLookedAt(row.name, whyNotRead(error));
    deps.ports.log('warn', problem, error);
    const [place] = templates(row.files, deps.ports.machine);
    const path = place === undefined ? '' : expandPath(place, deps.ports.machine);
    const view: ClientView = {
      id: row.id,
      name: row.name,
      installed: true,
      files: [{ path, exists: true, problem }],
      entries: [],
      state: 'problem',
      restart: row.restart,
      lastHandshake: deps.lastHandshake(row.id),
      byHand: byHandOf(row, deps.gatewayUrl()),
      running: null,
      restartNeeded: false,
    };
    return { view, projects: [] };
  }
}

async function scanClient(
  row: ClientRow,
  journal: readonly JournalRecord[],
  deps: ClientDeps,
  scanFile: ScanFile,
): Promise<Scanned> {
  const files: ScannedFile[] = [];
  for (const path of await filesOf(row, deps.ports)) files.push(await scanFile(row, path, journal));
  const entries = [
    ...files.flatMap((file) => file.entries),
    ...(await formerEntries(row, deps)),
    ...(await extensionEntries(row, deps)),
  ];
  const running = await isRunning(row, deps.ports);
  const installed =
    files.some((file) => file.exists) || entries.length > 0 || (await hasTraces(row, deps.ports));
  const view: ClientView = {
    id: row.id,
    name: row.name,
    installed,
    files: files.map(({ path, exists: there, problem }) => ({ path, exists: there, problem })),
    entries,
    state: stateOf(installed, files, entries),
    restart: row.restart,
    lastHandshake: deps.lastHandshake(row.id),
    byHand: byHandOf(row, deps.gatewayUrl()),
    running,
    restartNeeded: running !== false && restartNeeded(row, journal, deps),
    ...(journal.some((record) => record.client === row.id && record.state !== 'restored')
      ? { remembered: true }
      : {}),
  };
  return { view, projects: files.flatMap((file) => file.projects) };
}

/** Whether something of ours was written into its file since it last connected, and it only looks when it starts. */
function restartNeeded(row: ClientRow, journal: readonly JournalRecord[], deps: ClientDeps): boolean {
  if (row.picksUp === 'live') return false;
  const since = deps.lastHandshake(row.id)?.at ?? 0;
  return journal.some(({ client, state, at }) => client === row.id && state === 'applied' && at > since);
}

function stateOf(
  installed: boolean,
  files: readonly { readonly problem: string | null }[],
  entries: readonly ClientEntry[],
): ClientView['state'] {
  if (!installed) return 'not-installed';
  if (files.some((file) => file.problem !== null)) return 'problem';
  if (entries.length === 0) return 'no-servers';
  const routed = entries.filter(({ state }) => state === 'routed' || state === 'edited').length;
  if (routed === 0) return 'direct';
  return routed === entries.length ? 'routed' : 'partly';
}
