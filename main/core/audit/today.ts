import type { Clock } from '../ports.ts';
import type { CallIndex, Combo } from './call-index.ts';
import type { AuditLog } from './types.ts';

export interface TodayCounts extends Pick<AuditLog, 'today' | 'toolUse' | 'lastCallAt'> {
  /** One more call of this combo, now. */
  add(combo: Combo): void;
}

/** Counts since local midnight, kept in memory beside the index. Messages that were only passed on are not calls. */
export function createTodayCounts(clock: Clock, index: CallIndex): TodayCounts {
  let [midnight, tomorrow] = dayOf(clock.now());
  index.loadCounts(midnight);

  const turnDay = (): void => {
    const now = clock.now();
    if (now >= midnight && now < tomorrow) return;
    [midnight, tomorrow] = dayOf(now);
    for (const combo of index.combos) combo.callsToday = 0;
  };
  const calls = function* (server?: string): Generator<Combo> {
    for (const combo of index.combos)
      if (combo.decision !== 'pass' && (server === undefined || combo.server === server)) yield combo;
  };

  return {
    add(combo) {
      turnDay();
      combo.callsToday += 1;
    },
    today() {
      turnDay();
      const sum = { calls: 0, denied: 0, asked: 0 };
      for (const { decision, callsToday } of calls()) {
        sum.calls += callsToday;
        if (decision === 'deny' || decision === 'hide' || decision === 'refused') sum.denied += callsToday;
        if (['approved', 'refused', 'pending', 'withdrawn'].includes(decision)) sum.asked += callsToday;
      }
      return sum;
    },
    toolUse(server) {
      turnDay();
      const use = new Map<string, { lastCallAt: number; callsToday: number }>();
      for (const { tool, lastAt, callsToday } of calls(server)) {
        if (tool === null || lastAt === 0) continue;
        const sum = use.get(tool);
        use.set(tool, {
          lastCallAt: Math.max(lastAt, sum?.lastCallAt ?? 0),
          callsToday: callsToday + (sum?.callsToday ?? 0),
        });
      }
      return use;
    },
    lastCallAt(server) {
      let last = 0;
      for (const { lastAt } of calls(server)) last = Math.max(last, lastAt);
      return last === 0 ? null : last;
    },
  };
}

/** Beginning and end of the local day that holds this time. */
function dayOf(time: number): [number, number] {
  const day = new Date(time);
  day.setHours(0, 0, 0, 0);
  const begin = day.getTime();
  day.setDate(day.getDate() + 1);
  return [begin, day.getTime()];
}
