import { useSyncExternalStore } from 'react';
import type { ClientEntry, ClientView } from '../../../shared/schemas/client.ts';

/** Servers a person decided to leave unrouted; they are not offered again. Kept in this window's own storage. */
const KEY = 'drawbridge.left-alone';
const MOST = 2000;
const listeners = new Set<() => void>();
let cached: { text: string | null; keys: ReadonlySet<string> } = { text: null, keys: new Set() };

function read(): ReadonlySet<string> {
  const text = localStorage.getItem(KEY);
  if (text === cached.text) return cached.keys;
  let keys: unknown;
  try {
    keys = JSON.parse(text ?? '[]');
  } catch {
    // Somebody else's writing: it only means that a server is offered once more.
    keys = [];
  }
  cached = { text, keys: new Set(Array.isArray(keys) ? keys.map(String) : []) };
  return cached.keys;
}

/** What an entry is here: another target under the same name is another server, and offered again. */
export function keyOf(client: ClientView, entry: ClientEntry): string {
  return [client.id, entry.file, entry.project ?? '', entry.name, entry.target].join('\n');
}

export function leaveAlone(keys: readonly string[]): void {
  const all = [...new Set([...read(), ...keys])].slice(-MOST);
  localStorage.setItem(KEY, JSON.stringify(all));
  for (const listener of listeners) listener();
}

export function useLeftAlone(): ReadonlySet<string> {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    window.addEventListener('storage', listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener('storage', listener);
    };
  }, read);
}
