import { join } from 'node:path';
import * as z from 'zod';
import { readPlainFile, whyNotRead } from '../../base/plain-file.ts';
import type { Ports } from '../../ports.ts';
import { errorCode, privateFolder, removeLeftovers, writeFileAtomic } from '../../settings/atomic-write.ts';
import type { SecretStore } from '../../settings/types.ts';
import { hashOf } from './hash.ts';

const VERSION = 1;
const PREFIX = 'journal/';
/** Where what stood before stays once it is back in the file: a client can still write over it what it had read before. */
const UNDONE = 'undone/';

/**
 * One entry of one file that was routed. The state is written before the file is touched, so that whatever ends the process
 * can be told apart afterwards by looking at the file:
 *   `writing`   ours is being put in      → in the file: `applied`; not: forgotten
 *   `applied`   ours is in the file
 *   `restoring` the original is being put back → in the file: `restored`; not: `applied`
 *   `restored`  the original is back, or the entry is gone. Remembers its server, and keeps the original: a client that had
 *               read ours may write it again, and then it counts as `applied` once more
 */
export const JournalRecord = z.object({
  id: z.string(),
  client: z.string(),
  file: z.string(),
  path: z.array(z.string()),
  name: z.string(),
  project: z.string().nullable(),
  server: z.string(),
  state: z.enum(['writing', 'applied', 'restoring', 'restored']),
  at: z.number(),
  /** Every form in which we wrote this entry, newest last: hash of its text, hash of its meaning. */
  ours: z.array(z.object({ hash: z.string(), meaning: z.string() })),
  /** Hash of the text that a person made of our entry and decided to keep: routing again leaves it. */
  kept: z.string().optional(),
});
export type JournalRecord = z.infer<typeof JournalRecord>;

const JournalFile = z.object({ version: z.literal(VERSION), entries: z.array(JournalRecord) });

/**
 * What stood in the file before. It may hold secrets, so it is in the key store under `journal/<id>` (`undone/<id>` once it is
 * back in the file), and its hash with it
 * (a hash in the open would let a short password be guessed). The record goes along: a lost journal is rebuilt from these.
 */
const Original = z.object({
  record: JournalRecord,
  text: z.string(),
  hash: z.string(),
  /** The layout the text was written for, see Doc.layout. */
  layout: z.string(),
});
export type Original = z.infer<typeof Original>;

/** What was changed in the clients' files. `<data>/journal.json`, 0600, replaced whole. */
export interface Journal {
  /** Records, read again from the disk: another process of the same data folder may have written them. */
  load(): Promise<JournalRecord[]>;
  /** Adds records or replaces those with their ids. */
  save(records: readonly JournalRecord[]): Promise<void>;
  /** Forgets a record and what stood before. */
  drop(ids: readonly string[]): Promise<void>;
  /** Removes what a killed process left next to the journal. */
  tidy(): Promise<void>;
  /** Throws when the key store does not hold it, or holds something else. */
  original(id: string): Promise<Original>;
  keepOriginals(originals: readonly Original[]): Promise<void>;
  /** Sets what stood before aside in the key store, once it is back in the file. */
  setAside(ids: readonly string[]): Promise<void>;
  newId(): string;
}

export function createJournal(deps: {
  readonly ports: Pick<Ports, 'files' | 'clock' | 'log' | 'randomBytes'>;
  readonly dir: string;
  readonly secrets: SecretStore;
}): Journal {
  const { dir, secrets } = deps;
  const { files, clock, log, randomBytes } = deps.ports;
  const path = join(dir, 'journal.json');

  async function read(): Promise<JournalRecord[]> {
    let text: string;
    try {
      text = (await readPlainFile(path, files)).toString('utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw new Error(`${path} ${whyNotRead(error)}`, { cause: error });
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return moveAside('it is not JSON');
    }
    if (typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > VERSION)
      throw new Error(
        `${path} was written by a newer version of Drawbridge. Update Drawbridge to change clients' files.`,
      );
    const parsed = JournalFile.safeParse(value);
    return parsed.success ? parsed.data.entries : moveAside(z.prettifyError(parsed.error));
  }

  async function moveAside(why: string): Promise<JournalRecord[]> {
    const aside = join(dir, `journal.broken-${clock.now()}.json`);
    await files.rename(path, aside);
    log(
      'warn',
      `${path} could not be read (${why}). It was moved to ${aside} and is rebuilt from the key store.`,
    );
    return [];
  }

  async function write(entries: readonly JournalRecord[]): Promise<void> {
    await privateFolder(files, dir);
    await removeLeftovers(files, path);
    // Those of one moment stay in the order in which they stand in the file.
    const sorted = [...entries].sort((a, b) => a.at - b.at);
    await writeFileAtomic(files, path, `${JSON.stringify({ version: VERSION, entries: sorted }, null, 2)}\n`);
  }

  async function load(): Promise<JournalRecord[]> {
    const entries = await read();
    const known = new Set(entries.map(({ id }) => id));
    for (const name of await secrets.names()) {
      const prefix = [PREFIX, UNDONE].find((each) => name.startsWith(each));
      const id = name.slice(prefix?.length);
      if (prefix === undefined || known.has(id)) continue;
      known.add(id);
      // Kept just before a kill, or the journal is gone: the file itself says which. See recovery.
      try {
        const { record } = await original(id);
        entries.push({ ...record, state: prefix === UNDONE ? 'restored' : 'writing' });
      } catch (error) {
        log('warn', `An entry of the journal in ${dir} cannot be rebuilt`, error);
      }
    }
    return entries;
  }

  async function original(id: string): Promise<Original> {
    const text = (await secrets.get(PREFIX + id)) ?? (await secrets.get(UNDONE + id));
    if (text === undefined)
      throw new Error(`what stood there before is not in the key store any more (${PREFIX}${id})`);
    const parsed = Original.parse(JSON.parse(text));
    if (hashOf(parsed.text) !== parsed.hash)
      throw new Error(`what stood there before is damaged (${PREFIX}${id})`);
    return parsed;
  }

  async function setAside(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const text = await secrets.get(PREFIX + id);
        if (text === undefined) return;
        await secrets.set(UNDONE + id, text);
        await secrets.delete(PREFIX + id);
      }),
    );
  }

  return {
    load,
    async tidy() {
      await privateFolder(files, dir);
      await removeLeftovers(files, path);
    },
    original,
    async save(records) {
      const ids = new Set(records.map(({ id }) => id));
      await write([...(await load()).filter(({ id }) => !ids.has(id)), ...records]);
    },
    async drop(ids) {
      const gone = new Set(ids);
      await write((await load()).filter(({ id }) => !gone.has(id)));
      await Promise.all(ids.flatMap((id) => [secrets.delete(PREFIX + id), secrets.delete(UNDONE + id)]));
    },
    // All at once: the key store writes what is asked for together in one go.
    async keepOriginals(originals) {
      await Promise.all(originals.map((each) => secrets.set(PREFIX + each.record.id, JSON.stringify(each))));
    },
    setAside,
    newId: () => randomBytes(12).toString('hex'),
  };
}
