import { isObject } from '../../../../shared/base/is-object.ts';
import { analyseFile, type EntryState, type FileState, filesOf } from '../entries/analyse.ts';
import { isCurrent } from '../entries/our-entry.ts';
import { usualForm } from '../entries/shapes.ts';
import type { JournalRecord } from '../files/journal.ts';
import { exists } from '../files/places.ts';
import { reachOf } from '../route/plan-connect.ts';
import { type ClientRow, clientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { managedFiles, scanClients } from './scan.ts';

/** One thing about a client, for people. `ok` when nothing has to be done about it. */
export interface Finding {
  readonly client: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string | null;
}

/** Looks at every installed client: its files, and whether each routed entry still leads to this gateway. */
export async function diagnose(records: readonly JournalRecord[], deps: ClientDeps): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const view of await scanClients(records, deps)) {
    const row = clientRow(view.id);
    if (!view.installed || !row) continue;
    const say = (ok: boolean, detail: string, fix: string | null = null): void =>
      void findings.push({ client: row.id, ok, detail, fix });
    const before = findings.length;
    for (const path of await managedFiles(row, deps))
      say(
        true,
        `${path} is set by your organisation: while it exists, ${row.name} reads no other servers`,
        'Ask your administrator.',
      );
    for (const path of await filesOf(row, deps))
      await aboutFile(row, await analyseFile(row, path, records, deps), deps, say);
    for (const { kind, name, reason } of view.entries)
      if (kind !== 'entry') say(true, `${name} is not routed: ${lower(reason ?? '')}`);
    if (view.restartNeeded) say(true, 'waits to be restarted', row.restart);
    if (findings.slice(before).every(({ ok }) => ok))
      findings.splice(before, 0, { client: row.id, ok: true, detail: summary(view), fix: null });
  }
  return findings;
}

type Say = (ok: boolean, detail: string, fix?: string | null) => void;

async function aboutFile(row: ClientRow, file: FileState, deps: ClientDeps, say: Say): Promise<void> {
  if (file.problem !== null) return say(false, file.problem, 'Correct the file at the place named here.');
  if (file.readOnly !== null && file.entries.length > 0)
    say(false, file.readOnly, `Make ${file.path} writable, or route ${row.name} where the file is made.`);
  for (const warning of file.warnings) say(true, warning);
  for (const entry of file.entries) {
    const where = entry.project === null ? entry.name : `${entry.name} (${entry.project})`;
    if (entry.state === 'routed') {
      const stale = await staleReason(entry, row, deps);
      if (stale !== null) say(false, `${where} ${stale}`, `Route it anew: drawbridge connect ${row.id}`);
    } else if (entry.state === 'edited')
      say(
        false,
        `${where}: our entry was changed by hand`,
        `Open Clients, ${row.name}, and keep it or put ours back.`,
      );
    else if (entry.state === 'direct') say(true, `${where} is not routed`, `drawbridge connect ${row.id}`);
    else say(true, `${where} is left as it is: ${lower(entry.reason ?? '')}`);
  }
}

/** Why an entry of ours does not lead here any more; null when it does. */
async function staleReason(entry: EntryState, row: ClientRow, deps: ClientDeps): Promise<string | null> {
  const server = entry.server ?? '';
  if (deps.servers.get(server) === undefined) return `leads to ${server}, which is not registered any more`;
  const value = usualForm(entry.at.value, row.dialect.shape);
  if (!isObject(value)) return null;
  if (row.dialect.ours === 'bridge') {
    // The app and the command line each have a bridge; either will do while it is there.
    const args = Array.isArray(value.args) ? value.args.map(String) : [];
    const script = deps.ports.machine.bridge.args.length > 0 ? args[0] : undefined;
    for (const path of [String(value.command), script])
      if (path !== undefined && !(await exists(path, deps.ports.files)))
        return `starts ${path}, which is not there any more`;
    return null;
  }
  if (typeof value.url === 'string' && !value.url.startsWith(`${deps.gatewayUrl()}/`))
    return `leads to ${value.url}, but the gateway is at ${deps.gatewayUrl()}`;
  if (entry.record?.kept !== undefined) return null;
  if (isCurrent(entry.at.value, row.dialect, server, row.id, reachOf(deps), deps.identities)) return null;
  return 'is not what routing would write today: its token, or how it is reached, is an old one';
}

function summary({ state, entries }: { state: string; entries: readonly unknown[] }): string {
  return `${state}, ${entries.length} ${entries.length === 1 ? 'server' : 'servers'}`;
}

/** A sentence as the rest of another one, without its full stop. */
function lower(sentence: string): string {
  return (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(/\.$/, '');
}
