import { LoaderCircle } from 'lucide-react';
import { en } from '../../../../shared/text/en.ts';
import { useListing } from './listing.ts';

const t = en.overview.listing;

/** Says that tools of servers just routed are still being listed; nothing once they are. */
export function ListingBar() {
  const { servers } = useListing();
  const ended = servers.filter(({ step }) => step === 'done' || step === 'failed').length;
  if (ended === servers.length) return null;
  return (
    <p role="status" className="mb-4 flex items-center gap-3 rounded-md bg-hover px-3 py-2">
      <LoaderCircle size={14} aria-hidden="true" className="animate-spin text-muted" />
      {t.working(ended, servers.length)}
    </p>
  );
}
