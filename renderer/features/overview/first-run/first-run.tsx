import { MonitorSmartphone, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ClientResult, ClientView } from '../../../../shared/schemas/client.ts';
import { en } from '../../../../shared/text/en.ts';
import { useCore, useStore } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty, Loading } from '../../../ui/page.tsx';
import { useAction } from '../../../ui/toast.tsx';
import { AlsoKnown } from '../../clients/also-known.tsx';
import { isHere } from '../../clients/client-state.ts';
import { AfterRouting } from './after-routing.tsx';
import { ByHandClients } from './by-hand-clients.tsx';
import { ChooseClients } from './choose-clients.tsx';

const t = en.overview.firstRun;

/** What was found, what would change, one button; then how each client is restarted and whether it connected. */
export function FirstRun({ onDone }: { onDone(): void }) {
  const clients = useCore((state) => state.clients);
  const here = clients.filter(isHere);
  // A file that cannot be read stands first; else the order of the table, which does not move while clients are routed.
  const found = here
    .filter(hasSomething)
    .sort((a, b) => Number(b.state === 'problem') - Number(a.state === 'problem'));
  const byHand = here.filter((client) => client.byHand !== null);
  const without = here.filter((client) => !hasSomething(client) && client.byHand === null);
  const [routed, setRouted] = useState<ClientResult[]>([]);
  const [enforce, setEnforce] = useState(false);
  const [after, setAfter] = useState(false);
  const servers = new Set(found.flatMap(({ entries }) => entries.map(({ name }) => name))).size;
  if (after)
    return (
      <AfterRouting results={routed} enforce={enforce} onUndone={() => setAfter(false)} onDone={onDone} />
    );
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto max-w-[760px] px-6 py-10">
        <h1 className="font-semibold text-title tracking-[-0.015em]">{t.title}</h1>
        <p className="mt-2 max-w-[64ch] text-muted">{t.lead}</p>
        {clients.length === 0 ? (
          <Loading text={en.clients.looking} />
        ) : found.length === 0 ? (
          <NothingFound known={clients.length} />
        ) : (
          <>
            <p className="mt-8 font-medium text-large">{t.found(found.length, servers)}</p>
            <ChooseClients
              key={found
                .map(({ id }) => id)
                .sort()
                .join(' ')}
              ids={found.map(({ id }) => id)}
              enforce={enforce}
              onEnforce={setEnforce}
              onRouted={(results) => {
                setRouted(results);
                setAfter(true);
              }}
            />
          </>
        )}
        <ByHandClients clients={byHand} />
        {without.length > 0 && (
          <p className="mt-6 text-muted">{t.without(without.map(({ name }) => name).join(', '))}</p>
        )}
        <AlsoKnown clients={clients.filter((client) => !isHere(client))} />
      </div>
    </div>
  );
}

/** A file that cannot be read counts: it has to be told, or its client is missed in silence. */
function hasSomething({ entries, state }: ClientView): boolean {
  return entries.length > 0 || state === 'problem';
}

function NothingFound({ known }: { known: number }) {
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
      detail={t.nothing.detail(known)}
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
