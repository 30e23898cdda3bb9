import { isObject } from '../../../../shared/base/is-object.ts';
import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import { entryText, fileText } from '../../../../shared/text/core/clients.ts';
import { whyNotRead } from '../../base/plain-file.ts';
import { type ConfigText, isBlank, readConfig, readOnlyReason } from '../files/config-file.ts';
import { digestOf, hashOf } from '../files/hash.ts';
import type { JournalRecord } from '../files/journal.ts';
import { versionControlOf } from '../files/version-control.ts';
import type { Doc, KeyPath, Located } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { looksSecret } from './credentials.ts';
import type { Draft } from './draft.ts';
import { importEntry } from './import-entry.ts';
import { holdsOurToken } from './our-entry.ts';
import { serverReached } from './routed-to.ts';
import { reachingFields, usualFormOrWritten } from './shapes.ts';
import { targetOf } from './show-target.ts';
import { CannotRoute } from './variables.ts';

/** One entry as it stands in the file, held against the journal. */
export interface EntryState {
  readonly row: ClientRow;
  readonly file: string;
  readonly at: Located;
  readonly name: string;
  readonly project: string | null;
  readonly state: ClientEntry['state'];
  readonly reason: string | null;
  readonly target: string;
  /** The server it reaches through us; null when direct. */
  readonly server: string | null;
  /** What it starts or calls; null for entries that are ours or cannot be routed. */
  readonly draft: Draft | null;
  /** What the journal knows of this place. */
  readonly record: JournalRecord | null;
}

/** A file of a client as it was read: what stands in it, and whether it can be changed. */
export interface FileState {
  readonly row: ClientRow;
  readonly path: string;
  readonly exists: boolean;
  /** There is nothing in it, perhaps for a moment only. */
  readonly blank: boolean;
  /** For people: why nothing can be done with this file. */
  readonly problem: string | null;
  readonly hash: string | null;
  readonly doc: Doc | null;
  readonly entries: readonly EntryState[];
  readonly warnings: readonly string[];
  /** What changing it does beside changing it: said in the plan, in the result and by the doctor. */
  readonly notes: readonly string[];
  /** The client's id, where the file goes into version control: what is written into it must hold no token. */
  readonly withoutToken?: string;
  /** Why it cannot be written, should anything need to be. */
  readonly readOnly: string | null;
}

/** Reads one file of a client. Never throws for what is in it. */
export async function analyseFile(
  row: ClientRow,
  path: string,
  journal: readonly JournalRecord[],
  deps: ClientDeps,
): Promise<FileState> {
  const none: FileState = {
    row,
    path,
    exists: true,
    blank: false,
    problem: null,
    hash: null,
    doc: null,
    entries: [],
    warnings: [],
    notes: [],
    readOnly: null,
  };
  let config: ConfigText | undefined;
  let readOnly: string | null;
  let notes: string[];
  try {
    config = await readConfig(path, deps.ports);
    if (!config) return { ...none, exists: false };
    readOnly = await readOnlyReason(path, deps.ports);
    notes = await sideEffects(path, deps);
  } catch (error) {
    return { ...none, problem: fileText.unreadable(path, whyNotRead(error)) };
  }
  const blank = isBlank(config.text);
  if (row.refusesBom && config.text.startsWith('\uFEFF'))
    return { ...none, problem: fileText.byteOrderMark(path, row.name) };
  const parsed = row.format.parse(config.text, row.strictness);
  if (!parsed.ok) return { ...none, problem: fileText.broken(path, parsed.problem, row.name) };
  const { doc } = parsed;
  const warnings: string[] = [];
  const entries: EntryState[] = [];
  for (const { at, project } of row.maps.flatMap((map) => expandMap(doc, map))) {
    if ((doc.find(at)?.copies ?? 1) > 1) warnings.push(fileText.mapTwice(path, at.join(' › ')));
    for (const name of doc.keys(at)) {
      const located = doc.find([...at, name]);
      if (!located || !isServer(row, located)) continue;
      const record = recordFor(journal, path, located.path);
      const entry = await judge({ row, file: path, project, at: located, record }, deps);
      entries.push(entry);
      warnings.push(...entryWarnings(entry));
    }
  }
  return { ...none, blank, hash: config.hash, doc, entries, warnings, notes, readOnly };
}

/** What replacing the file would do to others. */
async function sideEffects(path: string, { ports }: ClientDeps): Promise<string[]> {
  const { nlink } = await ports.files.stat(path);
  return nlink > 1 ? [fileText.hardLinks(path, nlink - 1)] : [];
}

/** A file with its place in version control looked at, which takes asking other programs. */
export async function withVersionControl(
  state: FileState,
  ports: Pick<ClientDeps['ports'], 'files' | 'machine'>,
): Promise<FileState> {
  if (!state.entries.some(({ state: each }) => each !== 'skipped')) return state;
  const found = await versionControlOf(state.path, ports);
  if (!found) return state;
  const note = fileText.versioned(state.path, found.by, found.root);
  return { ...state, withoutToken: state.row.id, notes: [...state.notes, note] };
}

/** Some clients keep more than servers in the same map. */
function isServer({ onlyTypes }: ClientRow, { value }: Located): boolean {
  if (!onlyTypes) return true;
  return isObject(value) && typeof value.type === 'string' && onlyTypes.includes(value.type);
}

/** The maps a pattern stands for in this file; `*` is each project folder. */
function expandMap(doc: Doc, pattern: KeyPath): { at: KeyPath; project: string | null }[] {
  const star = pattern.indexOf('*');
  if (star < 0) return [{ at: pattern, project: null }];
  const head = pattern.slice(0, star);
  return doc
    .keys(head)
    .map((project) => ({ at: [...head, project, ...pattern.slice(star + 1)], project }))
    .filter(({ at }) => doc.find(at) !== undefined);
}

/** What an entry is: ours, somebody's of Drawbridge, or one that reaches its server directly. */
async function judge(
  found: Pick<EntryState, 'row' | 'file' | 'project' | 'at' | 'record'>,
  deps: ClientDeps,
): Promise<EntryState> {
  const { row, file, project, at, record } = found;
  const usual = usualFormOrWritten(at.value, row.dialect.shape);
  const base = {
    ...found,
    name: at.path.at(-1) ?? '',
    target: targetOf(usual),
    draft: null,
    server: null,
    reason: null,
  };
  const server = serverReached(usual, deps.gatewayUrl());
  if (server !== undefined) {
    const inForce = record && recordInForce(record, at, usual, deps);
    if (inForce) {
      const ours = { ...base, record: inForce };
      if (matchesOurs(inForce, at)) return { ...ours, state: 'routed', server: inForce.server };
      return { ...ours, state: 'edited', server, reason: entryText.changedByHand };
    }
    if (deps.servers.get(server) !== undefined)
      return { ...base, state: 'routed', server, reason: entryText.notOurDoing };
    const reason = server === '' ? entryText.pointsToAll : entryText.unknownServer(server);
    return { ...base, state: 'skipped', reason };
  }
  try {
    if (at.problem !== undefined) throw new CannotRoute(at.problem);
    const draft = await importEntry(at.value, row.dialect, project, file, deps);
    return { ...base, state: 'direct', draft };
  } catch (error) {
    if (!(error instanceof CannotRoute)) throw error;
    return { ...base, state: 'skipped', reason: error.message };
  }
}

/**
 * A record as it counts for what stands in its place. One that only remembers is in force again when ours is back there: a
 * client that had read it wrote it again, or a copy was put back. Null when it is not.
 */
function recordInForce(
  record: JournalRecord,
  at: Located,
  usual: unknown,
  { identities }: ClientDeps,
): JournalRecord | null {
  if (record.state !== 'restored') return record;
  const back = matchesOurs(record, at) !== undefined || holdsOurToken(usual, identities);
  return back ? { ...record, state: 'applied' } : null;
}

/** The newest record of a place: one in force before one that only remembers. */
export function recordFor(
  journal: readonly JournalRecord[],
  file: string,
  path: KeyPath,
): JournalRecord | null {
  const here = journal.filter((record) => record.file === file && samePath(record.path, path));
  return here.findLast(({ state }) => state !== 'restored') ?? here.at(-1) ?? null;
}

export function samePath(a: KeyPath, b: KeyPath): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}

/** Whether an entry is what we wrote: to the letter, or reformatted by the client. */
export function matchesOurs(record: JournalRecord, at: Located): 'text' | 'meaning' | undefined {
  const hash = hashOf(at.text);
  if (record.ours.some((each) => each.hash === hash)) return 'text';
  const meaning = digestOf(at.value);
  return record.ours.some((each) => each.meaning === meaning) ? 'meaning' : undefined;
}

function entryWarnings({ row, file, name, at, draft }: EntryState): string[] {
  const found: string[] = [];
  if (at.copies > 1) found.push(fileText.entryTwice(file, name, at.copies));
  if (draft === null) return found;
  const reaching = reachingFields(row.dialect.shape);
  for (const { key, value } of at.members ?? [])
    if (!reaching.includes(key) && holdsSecret(value)) found.push(fileText.ownCredential(file, key, name));
  return found;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value === 'string') return looksSecret(value);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}
