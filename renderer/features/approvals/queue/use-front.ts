import { useMemo, useRef, useState } from 'react';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { ARM_MS } from '../../../ui/use-armed.ts';
import { type Entry, entriesOf } from './entries.ts';

/** A call that stood alone for so long is being read: others like it do not take its place any more, ms. */
const SETTLED_MS = 2 * ARM_MS;

export interface Front {
  readonly entries: readonly Entry[];
  readonly at: number;
  readonly entry: Entry | undefined;
  /** The call in front, when it is one; null when it is a group. */
  readonly alone: ApprovalView | null;
  /** The calls of the entry when it came to the front: what is read out once. */
  readonly heard: readonly ApprovalView[];
  choose(key: string): void;
  go(by: number): void;
  /** One call of the entry by itself, and after it the next of them. */
  open(id: string): void;
  together(): void;
}

/** Which entry is in front, and whether as a group. It stays there until it is answered or another is chosen. */
export function useFront(waiting: readonly ApprovalView[]): Front {
  const entries = useMemo(() => entriesOf(waiting), [waiting]);
  const [chosen, setChosen] = useState<string | null>(null);
  /** The person goes through the calls one by one. */
  const [oneByOne, setOneByOne] = useState<{ key: string; id: string } | null>(null);
  /** The person asked for all of this entry together. */
  const [grouped, setGrouped] = useState<string | null>(null);
  const lastAt = useRef(0);
  const single = useRef<{ id: string; since: number } | null>(null);
  const heard = useRef<{ key: string; calls: readonly ApprovalView[] }>({ key: '', calls: [] });

  const found = entries.findIndex(({ key }) => key === chosen);
  const at = found === -1 ? Math.min(lastAt.current, Math.max(0, entries.length - 1)) : found;
  lastAt.current = at;
  const entry = entries[at];
  if (entry && entry.key !== chosen) setChosen(entry.key);

  const alone = ((): ApprovalView | null => {
    if (!entry) return null;
    if (entry.calls.length === 1) return entry.first;
    if (grouped === entry.key) return null;
    if (oneByOne?.key === entry.key) return entry.calls.find(({ id }) => id === oneByOne.id) ?? entry.first;
    const standing = single.current;
    const still = standing && entry.calls.find(({ id }) => id === standing.id);
    return still && Date.now() - standing.since > SETTLED_MS ? still : null;
  })();
  if (alone?.id !== single.current?.id) single.current = alone ? { id: alone.id, since: Date.now() } : null;
  const inFront = alone ? alone.id : (entry?.key ?? '');
  if (heard.current.key !== inFront) heard.current = { key: inFront, calls: entry?.calls ?? [] };

  const choose = (key: string): void => {
    setChosen(key);
    setOneByOne(null);
    setGrouped(null);
    single.current = null;
  };
  return {
    entries,
    at,
    entry,
    alone,
    heard: heard.current.calls,
    choose,
    go(by) {
      const next = entries[(at + by + entries.length) % entries.length];
      if (next) choose(next.key);
    },
    open(id) {
      if (entry) setOneByOne({ key: entry.key, id });
      setGrouped(null);
    },
    together() {
      setOneByOne(null);
      if (entry) setGrouped(entry.key);
    },
  };
}
