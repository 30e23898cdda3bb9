import { aloneBecause, savesRule } from '../../../shared/approval-scopes.ts';
import type { ApprovalScope } from '../../../shared/schemas/approval.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import { type ApprovalHealth, type HealthSuggestion, MissedHow } from '../../../shared/schemas/health.ts';
import { alwaysAlike } from '../../../shared/text/core/approvals.ts';
import type { Ended } from './prompt-log.ts';

/** One prompt of the past. */
export interface Answered {
  readonly at: number;
  readonly clientId: string;
  readonly clientName: string;
  readonly server: string;
  readonly tool: string;
  readonly risk: Risk;
  /** Null while it stands. */
  readonly how: Ended['how'] | null;
  readonly scope: ApprovalScope | null;
  /** From prompt to answer. */
  readonly ms: number | null;
  readonly seq: number | null;
}

/** Nobody reads a call in less. */
const HASTY_MS = 2000;
/** From so many equal answers on, a rule is suggested. */
const ALIKE = 5;
const DAY_MS = 24 * 3_600_000;

/** How asking goes. @param prompts of the last `days` days, oldest first */
export function healthOf(prompts: readonly Answered[], days: number, now: number): ApprovalHealth {
  const asked = prompts.filter(({ how }) => how !== 'void');
  const times = asked.flatMap(({ ms }) => (ms === null ? [] : [ms])).sort((a, b) => a - b);
  const first = asked[0]?.at ?? now;
  return {
    days,
    prompts: asked.length,
    // Of the days there is something to tell of: a month's average says nothing on the third day.
    perDay: asked.length / Math.max(1, Math.min(days, Math.ceil((now - first) / DAY_MS))),
    ...counts(asked),
    medianMs: median(times),
    hasty: times.filter((ms) => ms < HASTY_MS).length,
    byDay: byDay(asked, days, now),
    byTool: [...groups(asked, ({ server, tool }) => JSON.stringify([server, tool])).values()]
      .map((group) => {
        const { server, tool } = group[0] as Answered;
        return { server, tool, prompts: group.length, ...counts(group) };
      })
      .sort((a, b) => b.prompts - a.prompts),
    suggestions: suggestions(asked, days),
  };
}

function counts(prompts: readonly Answered[]): { allowed: number; denied: number; missed: number } {
  const of = (...ways: Ended['how'][]): number =>
    prompts.filter(({ how }) => how !== null && ways.includes(how)).length;
  return { allowed: of('allowed'), denied: of('denied'), missed: of(...MissedHow.options) };
}

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Every day of the range, oldest first, by this machine's calendar. */
function byDay(prompts: readonly Answered[], days: number, now: number): ApprovalHealth['byDay'] {
  const found = new Map<string, number>();
  const today = new Date(now);
  for (let back = days - 1; back >= 0; back--) {
    // By the calendar, not by 24 hours: a day of a clock change has 23 or 25.
    const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back, 12);
    found.set(dayOf(day.getTime()), 0);
  }
  for (const { at } of prompts) {
    const day = dayOf(at);
    const known = found.get(day);
    if (known !== undefined) found.set(day, known + 1);
  }
  return [...found].map(([day, count]) => ({ day, prompts: count }));
}

function dayOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function groups(prompts: readonly Answered[], key: (each: Answered) => string): Map<string, Answered[]> {
  const found = new Map<string, Answered[]>();
  for (const each of prompts) {
    const group = found.get(key(each));
    if (group) group.push(each);
    else found.set(key(each), [each]);
  }
  return found;
}

/** A question that is always answered alike costs attention and decides nothing. */
function suggestions(prompts: readonly Answered[], days: number): HealthSuggestion[] {
  const answered = prompts.filter(({ how }) => how === 'allowed' || how === 'denied');
  const found: HealthSuggestion[] = [];
  for (const group of groups(answered, ({ clientId, server, tool }) =>
    JSON.stringify([clientId, server, tool]),
  ).values()) {
    const newest = group.at(-1) as Answered;
    const { how, clientId, clientName, server, tool, scope } = newest;
    if (
      group.length < ALIKE ||
      (scope !== null && savesRule(scope)) ||
      !group.every((each) => each.how === how)
    )
      continue;
    const answer = how === 'allowed' ? 'allow' : 'deny';
    if (answer === 'allow' && group.some(({ risk }) => aloneBecause(risk) !== null)) continue;
    found.push({
      server,
      tool,
      clientId,
      clientName,
      answer,
      times: group.length,
      sentence: alwaysAlike({ answer, times: group.length, tool, clientName, days }),
      seq: group.findLast(({ seq }) => seq !== null)?.seq ?? null,
    });
  }
  return found.sort((a, b) => b.times - a.times);
}
