import { en } from '../../../../shared/text/en.ts';
import { Segmented } from '../../../ui/segmented.tsx';

/** Both show everything: laid out to be read, or the JSON as it stands. */
export type ArgumentsViewName = 'readable' | 'exact';

const t = en.approvals;

/** How arguments are shown. */
export function ViewChoice({
  view,
  onView,
}: {
  view: ArgumentsViewName;
  onView(view: ArgumentsViewName): void;
}) {
  return (
    <Segmented
      label={t.view}
      value={view}
      choices={[
        { value: 'readable', label: t.views.readable },
        { value: 'exact', label: t.views.exact },
      ]}
      onChange={onView}
    />
  );
}
