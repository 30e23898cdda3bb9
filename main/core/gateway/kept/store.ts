import * as z from 'zod';
import type { Database, Log } from '../../ports.ts';
import { parsed } from './lists.ts';
import type { WordStore, Words } from './types.ts';

/** Of one server's words, with all its lists: the largest lists in the wild have a few MB. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Kinds of initialize that are kept for one server. */
const MAX_KEYS = 16;

/** Bytes are kept as text with a character for each, so that they come back as they were. */
const Row = z.object({
  initialize: z.string(),
  lists: z.record(z.string(), z.array(z.string())),
  changes: z.number(),
});

/** Keeps words in the table `kept_words`. What cannot be kept is asked again: no reason to fail a client. */
export function createWordStore(database: Database, log: Log): WordStore {
  database.exec(
    'CREATE TABLE IF NOT EXISTS kept_words (server TEXT NOT NULL, key TEXT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (server, key))',
  );
  const read = database.prepare('SELECT key, words FROM kept_words WHERE server = ?');
  const write = database.prepare('INSERT OR REPLACE INTO kept_words (server, key, words) VALUES (?, ?, ?)');
  const removeOne = database.prepare('DELETE FROM kept_words WHERE server = ? AND key = ?');
  const removeAll = database.prepare('DELETE FROM kept_words WHERE server = ?');
  const servers = new Map<string, Map<string, Words>>();

  const attempt = (server: string, change: () => void): void => {
    try {
      change();
    } catch (error) {
      log('warn', `What the server "${server}" said could not be kept`, error);
    }
  };
  const load = (server: string): Map<string, Words> => {
    const known = servers.get(server);
    if (known) return known;
    const loaded = new Map<string, Words>();
    servers.set(server, loaded);
    attempt(server, () => {
      for (const { key, words } of read.all(server)) loaded.set(String(key), decoded(String(words)));
    });
    return loaded;
  };
  const put: WordStore['put'] = (server, key, words) => {
    const kept = load(server);
    kept.delete(key);
    if (sizeOf(words) > MAX_BYTES) {
      attempt(server, () => void removeOne.run(server, key));
      return;
    }
    kept.set(key, words);
    attempt(server, () => {
      write.run(server, key, encoded(words));
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MAX_KEYS))) {
        kept.delete(oldest);
        removeOne.run(server, oldest);
      }
    });
  };
  return {
    get: (server, key) => load(server).get(key),
    put,
    drop(server, key) {
      load(server).delete(key);
      attempt(server, () => void removeOne.run(server, key));
    },
    dropList(server, method) {
      for (const [key, words] of [...load(server)]) if (words.lists.delete(method)) put(server, key, words);
    },
    forget(server) {
      servers.delete(server);
      attempt(server, () => void removeAll.run(server));
    },
  };
}

function sizeOf({ initialize, lists }: Words): number {
  let size = initialize.length;
  for (const pages of lists.values()) for (const page of pages) size += page.length;
  return size;
}

function encoded({ initialize, lists, changes }: Words): string {
  const text = (bytes: Buffer): string => bytes.toString('latin1');
  const pages = [...lists].map(([method, each]) => [method, each.map(text)]);
  return JSON.stringify({ initialize: text(initialize), lists: Object.fromEntries(pages), changes });
}

/** @throws when it is not what was kept */
function decoded(text: string): Words {
  const { initialize, lists, changes } = Row.parse(JSON.parse(text));
  const bytes = (each: string): Buffer => parsed(Buffer.from(each, 'latin1')).raw;
  return {
    initialize: bytes(initialize),
    lists: new Map(Object.entries(lists).map(([method, pages]) => [method, pages.map(bytes)])),
    changes,
  };
}
