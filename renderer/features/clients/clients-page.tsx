import { MonitorSmartphone, RotateCcw, Search } from 'lucide-react';
import { useState } from 'react';
import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { FilterInput } from '../../ui/filter-input.tsx';
import { Empty, Loading, Page } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useAction } from '../../ui/toast.tsx';
import { AlsoKnown } from './also-known.tsx';
import { ClientRow } from './client-row.tsx';
import { inOrder, isHere, isRouted, matches, routable, standingOf } from './client-state.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { RestoreAll } from './restore-all.tsx';

const t = en.clients;

type Kind = 'all' | 'open' | 'routed' | 'trouble';
const KINDS: Record<Kind, (client: ClientView) => boolean> = {
  all: () => true,
  open: (client) => routable(client).length > 0,
  routed: isRouted,
  trouble: (client) => ['problem', 'edited'].includes(standingOf(client)),
};

/** The clients of this machine: those found first, what wants attention above the rest; the others folded below. */
export function ClientsPage() {
  const all = useCore((state) => state.clients);
  const store = useStore();
  const act = useAction();
  const [planning, setPlanning] = useState<{ id: string; direction: 'connect' | 'disconnect' } | null>(null);
  const [restoring, setRestoring] = useState(false);
  const [scanning, setScanning] = useState(false);
  const [text, setText] = useState('');
  const [kind, setKind] = useState<Kind>('all');
  const installed = all.filter(isHere);
  const shown = inOrder(installed).filter((client) => KINDS[kind](client) && matches(client, text));
  const client = all.find(({ id }) => id === planning?.id);
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
          {installed.length > 0 && <FilterInput label={t.filter} value={text} onText={setText} />}
          <Button icon={Search} busy={scanning} onClick={() => void scan()}>
            {t.scan}
          </Button>
          {all.some(isRouted) && (
            <Button icon={RotateCcw} onClick={() => setRestoring(true)}>
              {t.restoreAll}
            </Button>
          )}
        </>
      }
    >
      {all.length === 0 ? (
        <Loading text={t.looking} />
      ) : installed.length === 0 ? (
        <Empty icon={MonitorSmartphone} title={t.empty.title} detail={t.empty.detail(all.length)} />
      ) : (
        <>
          <div className="pb-3">
            <Segmented
              label={t.show.label}
              value={kind}
              choices={(Object.keys(KINDS) as Kind[]).map((value) => ({
                value,
                label: t.show[value](installed.filter(KINDS[value]).length),
              }))}
              onChange={(next) => setKind(next)}
            />
          </div>
          <ul className="border-line border-t">
            {shown.map((each) => (
              <ClientRow
                key={each.id}
                client={each}
                onPlan={(direction) => setPlanning({ id: each.id, direction })}
              />
            ))}
          </ul>
          {shown.length === 0 && <p className="py-8 text-muted">{t.noMatch}</p>}
        </>
      )}
      <AlsoKnown clients={all.filter((each) => !isHere(each) && matches(each, text))} />
      {client && planning && (
        <PlanDialog client={client} direction={planning.direction} onClose={() => setPlanning(null)} />
      )}
      <RestoreAll open={restoring} onClose={() => setRestoring(false)} />
    </Page>
  );
}
