import { MonitorSmartphone, RotateCcw, Search } from 'lucide-react';
import { useState } from 'react';
import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Empty, Page } from '../../ui/page.tsx';
import { tellError, useAction } from '../../ui/toast.tsx';
import { ClientRow } from './client-row.tsx';
import { PlanDialog } from './plan-dialog.tsx';

const t = en.clients;

export function ClientsPage() {
  const all = useCore((state) => state.clients);
  const store = useStore();
  const act = useAction();
  const [planning, setPlanning] = useState<{ id: string; direction: 'connect' | 'disconnect' } | null>(null);
  const [restoring, setRestoring] = useState(false);
  const [scanning, setScanning] = useState(false);
  const installed = all.filter((client) => client.installed);
  const missing = all.filter((client) => !client.installed);
  const client = all.find(({ id }) => id === planning?.id);
  const anyRouted = all.some(isRouted);
  const scan = async (): Promise<void> => {
    setScanning(true);
    await act(() => store.call('clients.scan', {}), t.scanned);
    setScanning(false);
  };
  return (
    <Page
      title={t.title}
      actions={
        <>
          <Button icon={Search} busy={scanning} onClick={() => void scan()}>
            {t.scan}
          </Button>
          {anyRouted && (
            <Button icon={RotateCcw} onClick={() => setRestoring(true)}>
              {t.restoreAll}
            </Button>
          )}
        </>
      }
    >
      {installed.length === 0 && (
        <Empty icon={MonitorSmartphone} title={t.empty.title} detail={t.empty.detail} />
      )}
      <ul className="border-line border-t">
        {installed.map((each) => (
          <ClientRow
            key={each.id}
            client={each}
            onPlan={(direction) => setPlanning({ id: each.id, direction })}
          />
        ))}
      </ul>
      {missing.length > 0 && (
        <p className="mt-4 text-muted">
          {t.notInstalled}: {missing.map(({ name }) => name).join(', ')}
        </p>
      )}
      {client && planning && (
        <PlanDialog client={client} direction={planning.direction} onClose={() => setPlanning(null)} />
      )}
      <RestoreAll open={restoring} onClose={() => setRestoring(false)} />
    </Page>
  );
}

export function isRouted(client: ClientView): boolean {
  return client.state === 'routed' || client.state === 'partly';
}

/** Puts every client's entries back, after asking; a client that could not be restored is named. */
export function RestoreAll({ open, onClose }: { open: boolean; onClose(): void }) {
  const store = useStore();
  const act = useAction();
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={t.restoreTitle}
      text={t.restoreText}
      action={t.restoreAll}
      onConfirm={async () => {
        const results = await act(
          () => store.call('clients.restoreAll', {}),
          (list) => t.restored(list.filter(({ ok }) => ok).length),
        );
        for (const result of results ?? [])
          if (!result.ok) tellError(new Error(`${result.name}: ${result.message}`));
      }}
    />
  );
}
