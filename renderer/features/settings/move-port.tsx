import { useState } from 'react';
import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import type { Output } from '../../client/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Diff } from '../../ui/diff.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.settings.port;

/** Moves the gateway to a free port: what changes in the clients' files is shown first. */
export function MovePort({ onMoved }: { onMoved(): void }) {
  const store = useStore();
  const act = useAction();
  const [plan, setPlan] = useState<Output<'gateway.planMove'> | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async (): Promise<void> => {
    setBusy(true);
    setPlan((await act(() => store.call('gateway.planMove', { port: null }))) ?? null);
    setBusy(false);
  };
  const move = async (to: number): Promise<void> => {
    setBusy(true);
    const done = await act(
      () => store.call('gateway.move', { port: to }),
      ({ results, byHand }) => {
        const failed = results.find(({ ok }) => !ok);
        return failed ? `${failed.name}: ${failed.message}` : t.moved(to, results.length, byHand);
      },
    );
    setBusy(false);
    if (!done) return;
    setPlan(null);
    onMoved();
  };
  return (
    <>
      <Button busy={busy && !plan} onClick={() => void look()}>
        {t.choose}
      </Button>
      {plan && (
        <Dialog
          open
          wide
          onClose={() => setPlan(null)}
          title={t.title(plan.from, plan.to)}
          lead={t.lead}
          footer={
            <>
              <Button onClick={() => setPlan(null)}>{en.app.cancel}</Button>
              <Button look="primary" busy={busy} onClick={() => void move(plan.to)}>
                {t.move}
              </Button>
            </>
          }
        >
          {plan.plans.length === 0 && <p className="text-muted">{t.nothing}</p>}
          {plan.plans.map(({ client, name, files, warnings }) => (
            <section key={client} className="mb-3">
              <h3 className="mb-1 font-medium">{name}</h3>
              {files.map(({ path, diff }) => (
                <div key={path} className="mb-2">
                  <p className="text-muted text-small">
                    <Untrusted text={path} />
                  </p>
                  <Diff label={path} text={diff} />
                </div>
              ))}
              {warnings.map((warning) => (
                <p key={warning} className="text-warn">
                  <Untrusted text={warning} />
                </p>
              ))}
            </section>
          ))}
        </Dialog>
      )}
    </>
  );
}
