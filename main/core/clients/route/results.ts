import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { entryLabel, planText, resultText } from '../../../../shared/text/core/clients.ts';
import type { Change, FilePlan, RowPlan } from './file-plan.ts';

/** How each file of a plan ended: the error's sentence, or null when it was carried out. */
export type Outcome = { readonly file: FilePlan; readonly error: string | null };

/** One sentence or a few for people, and the names of what was changed. */
export function resultOf(plan: RowPlan, outcomes: readonly Outcome[]): ClientResult {
  const done = outcomes.filter(({ error }) => error === null).map(({ file }) => file);
  const changes = done.flatMap((file) => file.changes);
  const routed = changes.flatMap((change) => (change.kind === 'route' ? [change.name] : []));
  const restored = changes.flatMap((change) => (change.kind === 'restore' ? [change.record.name] : []));
  const errors = outcomes.flatMap(({ file, error }) => [error, file.problem].filter((each) => each !== null));
  const skipped = done
    .flatMap((file) => file.planned)
    .filter(({ action, reason }) => action === 'skip' && reason !== planText.already)
    .map(({ name, reason }) => resultText.left(name, reason ?? ''));
  const notes = done.flatMap((file) => (file.changes.length > 0 ? file.state.notes : []));
  const numbered = changes.flatMap((change) => {
    if (change.kind !== 'route' || !change.registration.besides) return [];
    return [
      { name: change.name, server: change.registration.server, besides: change.registration.besides.server },
    ];
  });
  const renamed = changes.flatMap((change) =>
    change.kind === 'route' && change.registration.besides
      ? [resultText.numbered(change.name, change.registration.server, change.registration.besides)]
      : [],
  );
  const sentences = [
    ...errors,
    ...summary(plan, changes, errors.length > 0),
    ...renamed,
    ...skipped,
    ...notes,
  ];
  return {
    client: plan.row.id,
    name: plan.row.name,
    ok: errors.length === 0,
    message: sentences.join(' '),
    routed,
    restored,
    ...(numbered.length > 0 ? { numbered } : {}),
    restart: routed.length + restored.length > 0 ? plan.row.restart : null,
  };
}

/** A result for a client whose plan could not even be made. */
export function failure(client: string, name: string, message: string): ClientResult {
  return { client, name, ok: false, message, routed: [], restored: [], restart: null };
}

function summary(plan: RowPlan, changes: readonly Change[], failed: boolean): string[] {
  if (changes.length > 0) return [resultText.done(plan.direction, changes.map(labelOf))];
  if (failed) return [];
  if (plan.row.byHand && plan.direction === 'connect') return [resultText.byHandOnly(plan.row.name)];
  // What is left is said with its reason, and may well have to be put back.
  if (plan.direction === 'disconnect')
    return plan.files.some(({ planned }) => planned.length > 0) ? [] : [resultText.nothingToRestore];
  const already = plan.files.some((file) => file.planned.some(({ reason }) => reason === planText.already));
  return [already ? resultText.alreadyRouted : resultText.nothingRoutable];
}

function labelOf(change: Change): string {
  const { name, project } = change.kind === 'route' ? change : change.record;
  return entryLabel(name, project);
}
