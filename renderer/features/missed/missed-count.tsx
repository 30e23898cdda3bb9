import { en } from '../../../shared/text/en.ts';
import { useMissed, useMissedFeed } from './use-missed.ts';

/** How many calls were missed, in the navigation; it also keeps the list up to date, as it is drawn all the time. */
export function MissedCount() {
  useMissedFeed();
  const missed = useMissed().calls?.length ?? 0;
  if (missed === 0) return null;
  return (
    <span aria-label={en.missed.navCount(missed)} role="img" className="font-normal text-muted">
      {en.app.number(missed)}
    </span>
  );
}
