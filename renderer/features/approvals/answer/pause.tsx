import { CirclePause } from 'lucide-react';
import { useState } from 'react';
import { PAUSE_MINUTES } from '../../../../shared/limits.ts';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { useCore, useStore } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { useAction } from '../../../ui/toast.tsx';

const t = en.approvals.pause;

/** Offered when one client asks and asks: whoever is asked too often stops reading. */
export function PaceBanner({ approval, onPause }: { approval: ApprovalView; onPause(): void }) {
  if (!approval.offerPause) return null;
  const client = visibleText(approval.clientName);
  return (
    <div className="flex shrink-0 items-center gap-3 rounded-md bg-info-soft py-1.5 pr-1.5 pl-3">
      <p className="min-w-0 grow">{t.pace(client, approval.perMinute)}</p>
      <Button icon={CirclePause} onClick={onPause}>
        {t.offer(client)}
      </Button>
    </div>
  );
}

/** Asks for how long, and says what pausing does, before it does it. */
export function PauseForm({ approval, onDone }: { approval: ApprovalView; onDone(): void }) {
  const store = useStore();
  const act = useAction();
  const [span, setSpan] = useState<'15' | 'open'>('15');
  const [busy, setBusy] = useState(false);
  const waiting = useCore((state) =>
    state.approvals.reduce((n, { clientId, count }) => (clientId === approval.clientId ? n + count : n), 0),
  );
  const name = visibleText(approval.clientName);
  const pause = async (): Promise<void> => {
    setBusy(true);
    await act(
      () =>
        store.call('clients.pause', {
          client: approval.clientId,
          ...(span === '15' ? { minutes: PAUSE_MINUTES } : {}),
        }),
      t.paused(name),
    );
    setBusy(false);
    onDone();
  };
  return (
    <section
      aria-label={t.title(name)}
      className="flex flex-col gap-3"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onDone();
        } else if (event.ctrlKey || event.metaKey) event.stopPropagation();
      }}
    >
      <p>{t.consequence(name, waiting)}</p>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t.for}
          value={span}
          choices={[
            { value: '15', label: t.fors['15'] },
            { value: 'open', label: t.fors.open },
          ]}
          onChange={(next) => setSpan(next)}
        />
        <span className="grow" />
        <Button autoFocus onClick={onDone}>
          {en.app.cancel}
        </Button>
        <Button look="primary" busy={busy} onClick={() => void pause()}>
          {t.title(name)}
        </Button>
      </div>
    </section>
  );
}
