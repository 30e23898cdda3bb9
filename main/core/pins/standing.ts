import { canonicalValue, parseJson } from '../codec/index.ts';
import type { JsonObject } from '../codec/types.ts';
import { nameTokens } from '../risk/tokens.ts';
import { type Judgement, judgeChange, judgeFirst } from './judge.ts';
import type { Standing, Version } from './rows.ts';

/** A definition that came into use. */
export interface Seen {
  readonly server: string;
  readonly tool: string;
  readonly hash: string;
  /** What is pinned of it. */
  readonly definition: JsonObject;
  /** Ms since the epoch. */
  readonly at: number;
}

export interface Judged {
  readonly version: Omit<Version, 'id'>;
  /** The server took something back by itself: it showed this before, or the one before it was blocked. */
  readonly returned: boolean;
}

/** Tools no longer listed that a new one is compared with. */
const MAX_COMPARED = 500;

/** A tool that was never seen under this name. In the first listing of its server it is taken on trust. */
export function firstVersion(
  seen: Seen,
  firstListing: boolean,
  gone: readonly Omit<Version, 'id'>[],
): Judged {
  const { kinds, reasons, warnings } = judgeFirst(seen.definition);
  const standing: Standing = kinds.length > 0 ? 'blocked' : firstListing ? 'first' : 'new';
  const findings = firstListing
    ? warnings
    : [
        'It appeared after the first listing of its server, and nobody has reviewed it.',
        ...likeness(seen, gone),
        ...warnings,
      ];
  return {
    version: versionOf(seen, standing, { kinds, reasons: [...reasons, ...findings] }, null),
    returned: false,
  };
}

/**
 * A changed definition. It is judged against the trusted one, so that small steps add up, and against the one before it
 * where that was in use.
 * @param versions all that are kept of the tool, newest first
 */
export function changedVersion(
  seen: Seen,
  versions: readonly Version[],
  current: Omit<Version, 'id'>,
): Judged {
  const known = versions.find(({ hash }) => hash === seen.hash);
  const judged = judge(seen, versions, known, current);
  const version = {
    ...versionOf(seen, judged.standing, judged, current.hash),
    firstAt: known?.firstAt ?? seen.at,
    reviewedAt: known?.reviewedAt ?? null,
  };
  // A person accepted both, so neither can hide anything.
  const accepted = known?.standing === 'person' && current.standing === 'person';
  const returned =
    (known !== undefined && !accepted) || (current.standing === 'blocked' && judged.standing !== 'blocked');
  return { version, returned };
}

function judge(
  seen: Seen,
  versions: readonly Version[],
  known: Version | undefined,
  current: Omit<Version, 'id'>,
): Judgement & { standing: Standing } {
  if (known && isTrusted(known))
    return { standing: known.standing, kinds: known.kinds, reasons: known.reasons };
  const base = baseOf(versions);
  if (!base) {
    const { kinds, reasons, warnings } = judgeFirst(seen.definition);
    return { standing: kinds.length > 0 ? 'blocked' : 'new', kinds, reasons: [...reasons, ...warnings] };
  }
  const against = (version: Pick<Version, 'definition'>): Judgement =>
    judgeChange(parseJson(version.definition) as JsonObject, seen.definition, seen.server);
  const judgements = [against(base)];
  if (current.standing !== 'blocked' && current.hash !== base.hash) judgements.push(against(current));
  const kinds = [...new Set(judgements.flatMap((one) => one.kinds))];
  const reasons = [...new Set(judgements.flatMap((one) => one.reasons))];
  const standing = kinds.length > 0 ? 'blocked' : isTrusted(base) ? 'passed' : 'new';
  const unreviewed = standing === 'new' ? ['Nobody has reviewed this tool.'] : [];
  return { standing, kinds, reasons: [...reasons, ...unreviewed] };
}

/** What a change is compared with: the newest trusted definition, else the first one that was not blocked. */
export function baseOf(versions: readonly Version[]): Version | undefined {
  return versions.find(isTrusted) ?? versions.findLast(({ standing }) => standing === 'new');
}

/** In the first listing of the server, or accepted by a person. */
function isTrusted({ standing }: Pick<Version, 'standing'>): boolean {
  return standing === 'first' || standing === 'person';
}

function versionOf(
  seen: Seen,
  standing: Standing,
  judged: Judgement,
  previous: string | null,
): Omit<Version, 'id'> {
  return {
    tool: seen.tool,
    hash: seen.hash,
    standing,
    firstAt: seen.at,
    lastAt: seen.at,
    reviewedAt: null,
    definition: canonicalValue(seen.definition),
    previous,
    kinds: judged.kinds,
    reasons: judged.reasons,
  };
}

/** A tool under a new name does not inherit what was decided about the old one; a person should know whom it follows. */
function likeness(seen: Seen, gone: readonly Omit<Version, 'id'>[]): string[] {
  const own = words(seen.tool);
  const text = describes(seen.definition);
  for (const old of gone.slice(0, MAX_COMPARED)) {
    const same = text.length >= 12 && text === describes(parseJson(old.definition) as JsonObject);
    if (!same && !near(own, words(old.tool))) continue;
    const what = same ? 'is described as' : 'is named nearly like';
    return [
      `It ${what} ${old.tool}, which the server no longer lists. Nothing that was decided about that one holds for this one.`,
    ];
  }
  return [];
}

function words(name: string): string {
  return nameTokens(name).sort().join('');
}

function describes(definition: JsonObject): string {
  const { description } = definition;
  return typeof description === 'string'
    ? description
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim()
    : '';
}

/** The same words in another order or with other signs between them, or at most two letters apart. */
function near(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 2 || Math.min(a.length, b.length) < 5 || a.length > 200) return false;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return (row[b.length] as number) <= 2;
}
