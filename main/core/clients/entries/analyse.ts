import { isObject } from '../../../../shared/base/is-object.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import { type ConfigText, readConfig, readOnlyReason } from '../files/config-file.ts';
import { hashOf, type JournalRecord } from '../files/journal.ts';
import { exists, placesOf } from '../files/places.ts';
import type { Doc, KeyPath, Located } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { looksSecret } from './credentials.ts';
import { type Draft, digestOf, targetOf } from './draft.ts';
import { importEntry } from './files-named.ts';
import { routedTo } from './our-entry.ts';
import { reachingFields, usualFormOrWritten } from './shapes.ts';
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

export interface FileState {
  readonly path: string;
  readonly exists: boolean;
  /** For people: why nothing can be done with this file. */
  readonly problem: string | null;
  readonly hash: string | null;
  readonly doc: Doc | null;
  readonly entries: readonly EntryState[];
  readonly warnings: readonly string[];
  /** Why it cannot be written, should anything need to be. */
  readonly readOnly: string | null;
}

/** The files of a client that count, in order. */
export async function filesOf(row: ClientRow, deps: ClientDeps): Promise<string[]> {
  const { machine, files } = deps.ports;
  const places = await placesOf(row.files, machine, files);
  const found: string[] = [];
  for (const place of places) if (await exists(place, files)) found.push(place);
  const usual = places.at(row.pick === 'first' ? -1 : 0);
  if (found.length === 0) return usual === undefined ? [] : [usual];
  if (row.pick === 'all') return found;
  // An empty file does not count while another one holds something.
  for (const place of found) if ((await files.stat(place)).size > 0) return [place];
  return found.slice(-1);
}

/** Reads one file of a client. Never throws for what is in it. */
export async function analyseFile(
  row: ClientRow,
  path: string,
  journal: readonly JournalRecord[],
  deps: ClientDeps,
): Promise<FileState> {
  const none: FileState = {
    path,
    exists: true,
    problem: null,
    hash: null,
    doc: null,
    entries: [],
    warnings: [],
    readOnly: null,
  };
  let config: ConfigText | undefined;
  let readOnly: string | null;
  try {
    config = await readConfig(path, deps.ports);
    if (!config) return { ...none, exists: false };
    readOnly = await readOnlyReason(path, deps.ports);
  } catch (error) {
    return { ...none, problem: `${path} ${messageOf(error)}.` };
  }
  if (row.refusesBom && config.text.startsWith('\uFEFF'))
    return {
      ...none,
      problem: `${path} begins with a byte order mark, and ${row.name} does not read such a file. Save it as UTF-8 without one first.`,
    };
  const parsed = row.format.parse(config.text, row.strictness);
  if (!parsed.ok) {
    const { line, column, message } = parsed.problem;
    return {
      ...none,
      problem: `${path}, line ${line}, column ${column}: ${message}. Drawbridge does not write a file that ${row.name} cannot read; correct it first.`,
    };
  }
  const { doc } = parsed;
  const warnings: string[] = [];
  const entries: EntryState[] = [];
  for (const map of row.maps) {
    for (const { at, project } of expandMap(doc, map)) {
      if ((doc.find(at)?.copies ?? 1) > 1)
        warnings.push(`${path}: ${at.join(' › ')} stands there more than once. Only the last one counts.`);
      for (const name of doc.keys(at)) {
        const located = doc.find([...at, name]);
        if (!located || !isServer(row, located)) continue;
        const entry = await judge(row, path, located, project, journal, deps);
        entries.push(entry);
        warnings.push(...entryWarnings(entry));
      }
    }
  }
  return { ...none, hash: config.hash, doc, entries, warnings, readOnly };
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

async function judge(
  row: ClientRow,
  file: string,
  at: Located,
  project: string | null,
  journal: readonly JournalRecord[],
  deps: ClientDeps,
): Promise<EntryState> {
  const record = recordFor(journal, file, at.path);
  const base = {
    row,
    file,
    at,
    name: at.path.at(-1) ?? '',
    project,
    target: targetOf(usualFormOrWritten(at.value, row.dialect.shape)),
    record,
    draft: null,
    server: null,
    reason: null,
  };
  const server = routedTo(at.value, row.dialect, deps.gatewayUrl());
  if (server !== undefined) {
    if (record && record.state !== 'restored') {
      if (matchesOurs(record, at)) return { ...base, state: 'routed', server: record.server };
      const reason =
        'Our entry was changed by hand. Undo leaves it as it is; "restore --all" puts the old one back.';
      return { ...base, state: 'edited', server, reason };
    }
    if (deps.servers.get(server) !== undefined) {
      const reason = 'It points here already, and was not put there by Drawbridge: undo leaves it as it is.';
      return { ...base, state: 'routed', server, reason };
    }
    const reason =
      server === ''
        ? 'It points to all servers of Drawbridge at once already.'
        : `It points to a Drawbridge gateway, where no server is called ${server}.`;
    return { ...base, state: 'skipped', reason };
  }
  try {
    if (at.problem !== undefined) throw new CannotRoute(at.problem);
    const draft = await importEntry(at.value, row.dialect, project, file, deps.ports);
    return { ...base, state: 'direct', draft };
  } catch (error) {
    if (!(error instanceof CannotRoute)) throw error;
    return { ...base, state: 'skipped', reason: error.message };
  }
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

function entryWarnings(entry: EntryState): string[] {
  const found: string[] = [];
  if (entry.at.copies > 1)
    found.push(
      `${entry.file}: ${entry.name} stands there ${entry.at.copies} times. Only the last one counts; the others stay as they are, with any secrets in them.`,
    );
  if (entry.draft === null) return found;
  for (const { key, value } of entry.at.members ?? [])
    if (!reachingFields(entry.row.dialect.shape).includes(key) && holdsSecret(value))
      found.push(
        `${entry.file}: the field ${key} of ${entry.name} seems to hold a credential. It is the client's own and stays.`,
      );
  return found;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value === 'string') return looksSecret(value);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}
