import { Info } from 'lucide-react';
import { useState } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { ObservedDialog } from './observed-dialog.tsx';
import { total, useObserved } from './use-observed.ts';

const t = en.policies.observed;

/** Servers that are only observed, what enforcing would have done, and the way to enforce. Nothing where all are enforced. */
export function ObservedBanner() {
  const { servers, counted } = useObserved();
  const [open, setOpen] = useState(false);
  const asked = total(counted?.map((each) => each.asked) ?? []);
  const denied = total(counted?.map((each) => each.denied) ?? []);
  return (
    <>
      {servers.length > 0 && (
        <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-info-soft px-3 py-2">
          <Info size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-info" />
          <p className="min-w-0 grow basis-80">
            {t.title(servers.length)}{' '}
            {counted &&
              (asked.n + denied.n === 0
                ? t.none
                : t.counted(
                    [
                      asked.n > 0 && t.asked(t.times(asked.n, asked.more)),
                      denied.n > 0 && t.denied(t.times(denied.n, denied.more)),
                    ]
                      .filter((part) => part !== false)
                      .join(t.and),
                  ))}
          </p>
          <Button onClick={() => setOpen(true)}>{t.look}…</Button>
        </div>
      )}
      {open && <ObservedDialog servers={servers} counted={counted} onClose={() => setOpen(false)} />}
    </>
  );
}
