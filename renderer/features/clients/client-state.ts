import type { ClientEntry, ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import type { Tone } from '../../ui/badge.tsx';

const t = en.clients;

/** What a client's state comes to for a person: whether something is to be done about it, in one word. */
export type Standing = keyof typeof t.state;
const TONE: Record<Standing, Tone> = {
  problem: 'bad',
  edited: 'info',
  dropped: 'warn',
  partly: 'warn',
  direct: 'warn',
  byHand: 'none',
  routed: 'good',
  left: 'none',
  'no-servers': 'none',
  'not-installed': 'none',
};
/** What wants attention stands first. */
const ORDER = Object.keys(TONE) as Standing[];

/** An entry of ours that the client dropped by itself: not in its file now, and still what the person wished. */
export function isDropped({ state, server }: ClientEntry): boolean {
  return state === 'skipped' && server !== null;
}

export function isRouted(client: ClientView): boolean {
  return client.state === 'routed' || client.state === 'partly' || client.entries.some(isDropped);
}

/** On this machine, as far as can be told: its files are here, or it has connected. */
export function isHere({ installed, lastHandshake }: ClientView): boolean {
  return installed || lastHandshake !== null;
}

/** Entries that a press of the button would route. */
export function routable(client: ClientView): ClientEntry[] {
  return client.entries.filter(({ state }) => state === 'direct');
}

export function standingOf(client: ClientView): Standing {
  if (client.state === 'problem' || !isHere(client)) return client.state;
  if (client.entries.some(({ state }) => state === 'edited')) return 'edited';
  if (client.entries.some(isDropped)) return 'dropped';
  const routed = client.entries.some(({ state }) => state === 'routed');
  if (routable(client).length > 0) return routed ? 'partly' : 'direct';
  // What cannot be routed is named in the list; there is nothing to be done about it.
  if (routed) return client.state === 'partly' ? 'partly' : 'routed';
  if (client.byHand !== null) return 'byHand';
  return client.entries.length > 0 ? 'left' : 'no-servers';
}

export function toneOf(standing: Standing): Tone {
  return TONE[standing];
}

/** What wants attention first, then by name. */
export function inOrder(clients: readonly ClientView[]): ClientView[] {
  const rank = (client: ClientView): number => ORDER.indexOf(standingOf(client));
  return [...clients].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Whether a client, its servers or its files hold the text. */
export function matches(client: ClientView, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return [client.name, client.id, ...client.entries.flatMap(({ name, target }) => [name, target])].some(
    (each) => each.toLowerCase().includes(wanted),
  );
}
