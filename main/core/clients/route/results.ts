import type { ClientResult } from '../../../../shared/schemas/client.ts';
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
    .filter(({ action, reason }) => action === 'skip' && reason !== ALREADY)
    .map(({ name, reason }) => `${name} was left as it is: ${reason}`);
  const sentences = [...errors, ...summary(plan, changes, errors.length > 0), ...skipped];
  return {
    client: plan.row.id,
    name: plan.row.name,
    ok: errors.length === 0,
    message: sentences.join(' '),
    routed,
    restored,
    restart: routed.length + restored.length > 0 ? plan.row.restart : null,
  };
}

/** A result for a client whose plan could not even be made. */
export function failure(client: string, name: string, message: string): ClientResult {
  return { client, name, ok: false, message, routed: [], restored: [], restart: null };
}

export const ALREADY = 'It is routed already.';

function summary(plan: RowPlan, changes: readonly Change[], failed: boolean): string[] {
  if (changes.length > 0) {
    const names = changes.map(labelOf).join(', ');
    const what = changes.length === 1 ? names : `${changes.length} servers: ${names}`;
    return [`${plan.direction === 'connect' ? 'Routed' : 'Put back'} ${what}.`];
  }
  if (failed) return [];
  if (plan.row.byHand && plan.direction === 'connect')
    return [
      `${plan.row.name} has no file that Drawbridge could write: follow its steps, in its details or in the documentation.`,
    ];
  if (plan.direction === 'disconnect') return ['Nothing had to be put back.'];
  const already = plan.files.some((file) => file.planned.some(({ reason }) => reason === ALREADY));
  return [
    already
      ? 'Already routed; nothing was changed.'
      : 'No server in its files can be routed; nothing was changed.',
  ];
}

/** The entry's name, with the project where it has one: the same name often stands in several. */
function labelOf(change: Change): string {
  const { name, project } = change.kind === 'route' ? change : change.record;
  return project === null ? name : `${name} (${project})`;
}
