import { Unplug } from 'lucide-react';
import { en } from '../../shared/text/en.ts';
import { useLink, useStore } from '../client/hooks.ts';
import { Button } from '../ui/button.tsx';

/** In sight as long as the connection is lost: everything below may be out of date. */
export function LostBar() {
  const link = useLink();
  const store = useStore();
  return (
    <div role="status" aria-live="assertive">
      {link === 'lost' && (
        <div className="flex items-center gap-3 border-line border-b bg-warn-soft px-4 py-1.5 text-warn">
          <Unplug size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          <p className="grow">{en.app.link.lost}</p>
          <Button onClick={() => store.retry()}>{en.app.link.retry}</Button>
        </div>
      )}
    </div>
  );
}
