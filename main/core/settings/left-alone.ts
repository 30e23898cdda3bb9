import type { ClientEntry, ClientView, LeftAlone } from '../../../shared/schemas/client.ts';
import type { SettingsDoc } from './types.ts';

/** So many decisions are kept, the newest; an older one only means that its server is offered once more. */
export const MOST_LEFT_ALONE = 2000;

/** What an entry is here: another target under the same name is another server, and offered again. */
function keyOf({ client, file, project, name, target }: LeftAlone): string {
  return JSON.stringify([client, file, project, name, target]);
}

/** The settings with these entries left alone (`leave`), or offered again. Nothing is kept twice. */
export function withLeftAlone(doc: SettingsDoc, entries: readonly LeftAlone[], leave: boolean): SettingsDoc {
  const changed = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const others = doc.leftAlone.filter((entry) => !changed.has(keyOf(entry)));
  const leftAlone = leave ? [...others, ...changed.values()].slice(-MOST_LEFT_ALONE) : others;
  return { ...doc, leftAlone };
}

/** Marks the entries that were left alone; views without any are given back as they are. */
export function markLeftAlone(
  views: readonly ClientView[],
  leftAlone: readonly LeftAlone[],
): readonly ClientView[] {
  if (leftAlone.length === 0) return views;
  const keys = new Set(leftAlone.map(keyOf));
  const isLeft = (client: string, entry: ClientEntry): boolean => keys.has(keyOf({ client, ...entry }));
  return views.map((view) =>
    view.entries.some((entry) => isLeft(view.id, entry))
      ? {
          ...view,
          entries: view.entries.map((entry) =>
            isLeft(view.id, entry) ? { ...entry, leftAlone: true } : entry,
          ),
        }
      : view,
  );
}
