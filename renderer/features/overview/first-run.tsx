import { MonitorSmartphone, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { ClientPlan, ClientResult } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useLoad, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Loading } from '../../ui/page.tsx';
import { useAction } from '../../ui/toast.tsx';
import { useApply } from '../clients/use-apply.ts';
import { AfterRouting } from './after-routing.tsx';
import { FoundClient, type Progress } from './found-client.tsx';

const t = en.overview.firstRun;

/** What was found, what would change, one button; then how each client is restarted and whether it came by. */
export function FirstRun({ onDone }: { onDone(): void }) {
  const clients = useCore((state) => state.clients);
  const found = clients.filter(({ installed, entries }) => installed && entries.length > 0);
  const [routed, setRouted] = useState<ClientResult[]>([]);
  const [after, setAfter] = useState(false);
  const servers = new Set(found.flatMap(({ entries }) => entries.map(({ name }) => name))).size;
  if (after) return <AfterRouting results={routed} onUndone={() => setAfter(false)} onDone={onDone} />;
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto max-w-[760px] px-6 py-10">
        <h1 className="font-semibold text-title tracking-[-0.015em]">{t.title}</h1>
        <p className="mt-2 max-w-[64ch] text-muted">{t.lead}</p>
        {found.length === 0 ? (
          <NothingFound />
        ) : (
          <>
            <p className="mt-8 font-medium text-large">{t.found(found.length, servers)}</p>
            <Choose
              key={found.map(({ id }) => id).join(' ')}
              ids={found.map(({ id }) => id)}
              onRouted={(results) => {
                setRouted(results);
                setAfter(true);
              }}
            />
          </>
        )}
      </div>
    </div>
  );
}

function NothingFound() {
  const store = useStore();
  const act = useAction();
  const [, navigate] = useLocation();
  const [scanning, setScanning] = useState(false);
  const scan = async (): Promise<void> => {
    setScanning(true);
    await act(() => store.call('clients.scan', {}));
    setScanning(false);
  };
  return (
    <Empty
      icon={MonitorSmartphone}
      title={t.nothing.title}
      detail={t.nothing.detail}
      action={
        <>
          <Button look="primary" icon={Search} busy={scanning} onClick={() => void scan()}>
            {scanning ? t.scanning : t.scan}
          </Button>
          <Button icon={Plus} onClick={() => navigate('/add-server')}>
            {t.addServer}
          </Button>
        </>
      }
    />
  );
}

function Choose({ ids, onRouted }: { ids: string[]; onRouted(results: ClientResult[]): void }) {
  const clients = useCore((state) => state.clients);
  const plans = useLoad('clients.plan', { clients: ids, direction: 'connect' }, ids.join(' '));
  const apply = useApply();
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const [progress, setProgress] = useState<ReadonlyMap<string, Progress>>(new Map());
  const [busy, setBusy] = useState(false);
  // A file that changes on disk changes the plan: what is shown must be what is applied.
  const entries = JSON.stringify(
    clients.filter(({ id }) => ids.includes(id)).map((client) => client.entries),
  );
  const [plannedFor, setPlannedFor] = useState(entries);
  const { reload } = plans;
  useEffect(() => {
    if (plannedFor === entries || busy) return;
    setPlannedFor(entries);
    reload();
  }, [entries, plannedFor, busy, reload]);

  if (plans.error) return <Failure error={plans.error} retry={plans.reload} />;
  if (!plans.data) return <Loading text={t.reading} />;
  const chosen = plans.data.filter((plan) => !off.has(plan.client) && hasWork(plan));
  const note = (client: string, step: Progress): void =>
    setProgress((before) => new Map(before).set(client, step));
  const route = async (): Promise<void> => {
    setBusy(true);
    setProgress(new Map(chosen.map(({ client }) => [client, { step: 'waiting' }])));
    const done: ClientResult[] = [];
    let failed = false;
    for (const plan of chosen) {
      note(plan.client, { step: 'writing' });
      const { result, error } = await apply(plan);
      if (result?.ok) {
        done.push(result);
        note(plan.client, { step: 'done' });
      } else {
        failed = true;
        note(plan.client, { step: 'failed', message: error ? error.message : result.message });
      }
    }
    setBusy(false);
    // What failed stays in sight, with its reason; its plan is made anew for the next try.
    if (failed) plans.reload();
    else onRouted(done);
  };
  return (
    <>
      <ul className="mt-3 border-line border-t">
        {plans.data.map((plan) => (
          <FoundClient
            key={plan.client}
            plan={plan}
            chosen={!off.has(plan.client) && hasWork(plan)}
            disabled={busy || !hasWork(plan)}
            progress={progress.get(plan.client)}
            onChoose={(on) =>
              setOff((before) => {
                const next = new Set(before);
                if (on) next.delete(plan.client);
                else next.add(plan.client);
                return next;
              })
            }
          />
        ))}
      </ul>
      <div className="mt-6 flex items-center gap-4">
        <Button
          look="primary"
          busy={busy}
          disabled={chosen.length === 0}
          className="h-8 px-4 font-medium"
          onClick={() => void route()}
        >
          {busy ? `${t.routing}…` : t.route}
        </Button>
        <p className="max-w-[52ch] text-muted">{t.observe}</p>
      </div>
    </>
  );
}

function hasWork(plan: ClientPlan): boolean {
  return plan.files.some((file) => file.diff !== '');
}
