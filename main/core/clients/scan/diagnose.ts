import { isObject } from '../../../../shared/base/is-object.ts';
import { admissionText } from '../../../../shared/text/core/client-lists.ts';
import { diagnoseText, entryLabel, fileText } from '../../../../shared/text/core/clients.ts';
import { type Admission, admissionOf } from '../entries/admission.ts';
import { analyseFile, type EntryState, type FileState, withVersionControl } from '../entries/analyse.ts';
import { holdsToken, isCurrent, reachOf } from '../entries/our-entry.ts';
import { usualForm } from '../entries/shapes.ts';
import { filesOf, managedFiles } from '../files/client-files.ts';
import type { JournalRecord } from '../files/journal.ts';
import { exists } from '../files/paths.ts';
import { clientRow } from '../table/index.ts';
import type { ClientDeps, Finding } from '../types.ts';
import { formerEntries } from './client-lists.ts';
import { scanClients } from './scan.ts';

/** Looks at every installed client: its files, and whether each routed entry still leads to this gateway. */
export async function diagnose(records: readonly JournalRecord[], deps: ClientDeps): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const view of await scanClients(records, deps)) {
    const row = clientRow(view.id);
    if (!view.installed || !row) continue;
    const say: Say = (ok, detail, fix = null) => void findings.push({ client: row.id, ok, detail, fix });
    const before = findings.length;
    for (const path of await managedFiles(row, deps.ports))
      say(true, fileText.managed(path, row.name), diagnoseText.askAdministrator);
    const admission = await admissionOf(row, deps);
    for (const problem of admission.problems) say(true, problem);
    for (const path of await filesOf(row, deps.ports)) {
      const state = await analyseFile(row, path, records, deps);
      // What keeps that from being found out keeps the file from being written, and is said there.
      const versioned = await withVersionControl(state, deps.ports).catch(() => state);
      await aboutFile(versioned, { deps, admission }, say);
    }
    for (const { file, name, reason } of await formerEntries(row, deps))
      say(true, `${file}: ${diagnoseText.notRoutedBecause(name, reason ?? '')}`);
    for (const { kind, name, reason } of view.entries)
      if (kind !== 'entry') say(true, diagnoseText.notRoutedBecause(name, reason ?? ''));
    if (view.restartNeeded) say(true, diagnoseText.waitsForRestart, row.restart);
    if (findings.slice(before).every(({ ok }) => ok)) {
      const detail = diagnoseText.allWell(view.state, view.entries.length);
      findings.splice(before, 0, { client: row.id, ok: true, detail, fix: null });
    }
  }
  return findings;
}

type Say = (ok: boolean, detail: string, fix?: string | null) => void;

async function aboutFile(
  file: FileState,
  { deps, admission }: { readonly deps: ClientDeps; readonly admission: Admission },
  say: Say,
): Promise<void> {
  const { row } = file;
  if (file.problem !== null) return say(false, file.problem, diagnoseText.correctFile);
  if (file.readOnly !== null && file.entries.length > 0)
    say(false, file.readOnly, diagnoseText.makeWritable(file.path, row.name));
  const concerned = file.entries.some(({ state }) => state !== 'skipped');
  for (const warning of [...file.warnings, ...(concerned ? file.notes : [])]) say(true, warning);
  for (const entry of file.entries) {
    const where = entryLabel(entry.name, entry.project);
    if (entry.state === 'routed') {
      const stale = await staleReason(entry, file, deps);
      if (stale !== null) say(false, `${where} ${stale}`, diagnoseText.routeAnew(row.id));
      const refused = whyRefused(entry, admission);
      if (refused !== null)
        say(false, `${where} ${admissionText.refused(row.name, refused)}`, diagnoseText.askOrPutBack(row.id));
    } else if (entry.state === 'edited')
      say(false, diagnoseText.changedByHand(where), diagnoseText.settleByHand(row.name));
    else if (entry.state === 'direct') say(true, diagnoseText.notRouted(where), diagnoseText.route(row.id));
    else say(true, diagnoseText.leftBecause(where, entry.reason ?? ''));
  }
}

function whyRefused({ name, at, row }: EntryState, admission: Admission): string | null {
  const value = usualForm(at.value, row.dialect.shape);
  if (!isObject(value)) return null;
  if (typeof value.url === 'string') return admission.refuses({ name, reach: { url: value.url } });
  const args = Array.isArray(value.args) ? value.args.map(String) : [];
  return admission.refuses({ name, reach: { command: String(value.command), args } });
}

/** Why an entry of ours does not lead here any more; null when it does. */
async function staleReason(
  entry: EntryState,
  { withoutToken }: FileState,
  deps: ClientDeps,
): Promise<string | null> {
  const { dialect, id } = entry.row;
  const server = entry.server ?? '';
  if (deps.servers.get(server) === undefined) return diagnoseText.serverGone(server);
  const value = usualForm(entry.at.value, dialect.shape);
  if (!isObject(value)) return null;
  if (withoutToken !== undefined && holdsToken(value)) return diagnoseText.tokenVersioned;
  if (typeof value.url !== 'string') {
    // The app and the command line each have a bridge; either will do while it is there.
    const args = Array.isArray(value.args) ? value.args.map(String) : [];
    const script = deps.ports.machine.bridge.args.length > 0 ? args[0] : undefined;
    for (const path of [String(value.command), script])
      if (path !== undefined && !(await exists(path, deps.ports.files)))
        return diagnoseText.programGone(path);
    return null;
  }
  if (typeof value.url === 'string' && !value.url.startsWith(`${deps.gatewayUrl()}/`))
    return diagnoseText.oldAddress(value.url, deps.gatewayUrl());
  if (entry.record?.kept !== undefined) return null;
  const ours = { dialect, server, reach: reachOf(deps), withoutToken };
  return isCurrent(entry.at.value, ours, id, deps.identities) ? null : diagnoseText.outdated;
}
