import type { ClientEntry, ClientPlan } from '../schemas/client.ts';

/**
 * A line for each reason why servers of a client are not routed, with their names: `a, b (/srv/shop): reason`. What a plan
 * leaves, and what stands outside the client's own file (project files, extensions).
 */
export function leftOut(
  plan: Pick<ClientPlan, 'files'> | undefined,
  entries: readonly ClientEntry[],
): string[] {
  const planned = (plan?.files ?? [])
    .flatMap((file) => file.entries)
    .filter(({ action }) => action === 'skip');
  const outside = entries.filter(({ kind }) => kind !== 'entry');
  const byReason = new Map<string, string[]>();
  for (const { name, project, reason } of [...planned, ...outside]) {
    if (!reason) continue;
    const label = project === null ? name : `${name} (${project})`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), label]);
  }
  return [...byReason].map(([reason, names]) => `${names.join(', ')}: ${reason}`);
}
