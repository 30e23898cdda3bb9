import type { DefinitionChange, DefinitionVersion } from '../../../shared/schemas/pin.ts';
import { parseJson } from '../codec/index.ts';
import type { Json } from '../codec/types.ts';
import { fieldDiffs } from './fields.ts';
import type { ToolRow, Version } from './rows.ts';
import { baseOf } from './standing.ts';

/** What a review of the definition in use is about; undefined when it is trusted, or is the first one. */
export function reviewOf(row: ToolRow, versions: readonly Version[]): DefinitionChange | undefined {
  const current = versions.find(({ hash }) => hash === row.hash);
  if (!current) return undefined;
  const trusted = current.standing === 'first' || current.standing === 'person';
  // A tool that switches is shown against what it was before, so that the person sees both sides of the switch.
  const base = trusted ? versions.find(({ hash }) => hash === current.previous) : baseOf(versions);
  if (trusted && !row.flipping) return undefined;
  if (base?.hash === current.hash || (base === undefined && current.standing !== 'blocked')) return undefined;
  const change = changeOf(base, current);
  if (!row.flipping) return change;
  return {
    ...change,
    direction: 'blocks',
    kinds: [...change.kinds, 'flip-flop'],
    reasons: ['It went back to an earlier definition twice within an hour.', ...change.reasons],
  };
}

/** @param seenAt when the definition in use was listed last */
export function versionViews(
  versions: readonly Version[],
  inUse: string,
  seenAt: number,
): DefinitionVersion[] {
  const byHash = new Map(versions.map((version) => [version.hash, version]));
  return versions.map((version) => {
    const { hash, firstAt, lastAt, reviewedAt, previous } = version;
    const view = { hash, firstAt, lastAt: hash === inUse ? Math.max(lastAt, seenAt) : lastAt, reviewedAt };
    if (previous === null) return { ...view, change: null };
    const before = byHash.get(previous);
    if (before) return { ...view, change: changeOf(before, version) };
    const reasons = [...version.reasons, 'The definition before this one is no longer kept.'];
    return { ...view, change: { ...changeOf(undefined, version), from: previous, reasons, fields: [] } };
  });
}

function changeOf(before: Version | undefined, after: Version): DefinitionChange {
  const parsed = (version: Version): Json => parseJson(version.definition);
  return {
    from: before?.hash ?? '',
    to: after.hash,
    at: after.firstAt,
    direction: after.kinds.length > 0 ? 'blocks' : 'passes',
    kinds: [...after.kinds],
    reasons: [...after.reasons],
    fields: fieldDiffs(before ? parsed(before) : {}, parsed(after)),
  };
}
