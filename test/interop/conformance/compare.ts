import type { Check, Results, Status } from './suite.ts';

/** What a scenario comes to: its worst check. */
export type Verdict = 'pass' | 'warning' | 'failure';
export interface ScenarioComparison {
  readonly scenario: string;
  readonly direct: Verdict;
  readonly through: Verdict;
  /** One sentence a difference; empty when both runs are the same, check by check. */
  readonly differences: readonly string[];
}

/** The suite's diary, not checks: what was sent and came, however many times. */
const DIARY = new Set(['outgoing-request', 'incoming-response', 'incoming-sse-event', 'stream-closed']);

/** Compares two runs of the same requirements, scenario by scenario and check by check. */
export function compare(direct: Results, through: Results): ScenarioComparison[] {
  const scenarios = new Set([...direct.keys(), ...through.keys()]);
  return [...scenarios].map((scenario) => {
    const one = direct.get(scenario);
    const other = through.get(scenario);
    return {
      scenario,
      direct: verdict(one),
      through: verdict(other),
      differences: differences(one, other),
    };
  });
}

/** A scenario that did not run has failed. */
export function verdict(checks: readonly Check[] | undefined): Verdict {
  const has = (status: Status): boolean => checks?.some((check) => check.status === status) ?? true;
  return has('FAILURE') ? 'failure' : has('WARNING') ? 'warning' : 'pass';
}

function differences(one: readonly Check[] | undefined, other: readonly Check[] | undefined): string[] {
  if (!one || !other) return [`ran only ${one ? 'direct' : 'through the gateway'}`];
  const direct = byKey(one);
  const through = byKey(other);
  const keys = [...new Set([...direct.keys(), ...through.keys()])];
  return keys.flatMap((key) => {
    const [was = [], is = []] = [direct.get(key), through.get(key)];
    if (statuses(was) === statuses(is)) return [];
    const why = is.find(({ status }) => status === 'FAILURE' || status === 'WARNING')?.errorMessage;
    return [`${key}: ${statuses(was)} direct, ${statuses(is)} through the gateway${why ? `: ${why}` : ''}`];
  });
}

/** One id may be checked several times: the name tells the cases apart, and where it does not, their order. */
function byKey(checks: readonly Check[]): Map<string, Check[]> {
  const found = new Map<string, Check[]>();
  for (const check of checks) {
    if (DIARY.has(check.id) && check.status === 'INFO') continue;
    const key = `${check.id} (${check.name})`;
    found.set(key, [...(found.get(key) ?? []), check]);
  }
  return found;
}

const statuses = (checks: readonly Check[]): string =>
  checks.length === 0 ? 'absent' : checks.map(({ status }) => status).join(', ');

/** Checks that passed, of those that pass or fail: as the suite itself counts. */
export function score(results: Results): { passed: number; of: number } {
  const all = [...results.values()].flat();
  const passed = all.filter(({ status }) => status === 'SUCCESS').length;
  return { passed, of: passed + all.filter(({ status }) => status === 'FAILURE').length };
}
