import { Waypoints } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { ClientEntry, ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { tell, tellError } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { isRouted, routable } from './client-state.ts';
import { handOver, referTo, useLeaveAlone } from './left-alone.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { useApply } from './use-apply.ts';

const t = en.clients.offer;
/** Names said in the bar; the plan shows all. */
const NAMES = 3;
/** Clients with a line of their own. */
const LINES = 3;

interface Offer {
  readonly client: ClientView;
  readonly entries: readonly ClientEntry[];
}

/** Servers that appeared beside the gateway since a client was routed, and clients nobody decided about: one click each. */
export function UnroutedBar() {
  const clients = useCore((state) => state.clients);
  const store = useStore();
  useEffect(() => void handOver(store), [store]);
  if (!clients.some(isRouted)) return null;
  const offers = clients.flatMap((client): Offer[] => {
    const entries = routable(client).filter(({ leftAlone }) => !leftAlone);
    return client.installed && entries.length > 0 ? [{ client, entries }] : [];
  });
  if (offers.length === 0) return null;
  const servers = offers.reduce((sum, { entries }) => sum + entries.length, 0);
  return (
    <section aria-label={t.title(servers)} className="mb-4 rounded-md bg-warn-soft px-3 py-2">
      <p className="flex items-center gap-3">
        <Waypoints size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-warn" />
        <span>
          <span className="font-medium text-warn">{t.title(servers)}</span> {t.detailNote}
        </span>
      </p>
      <ul className="mt-1 pl-7">
        {offers.slice(0, LINES).map((offer) => (
          <OfferLine key={offer.client.id} offer={offer} />
        ))}
        {offers.length > LINES && (
          <li>
            <Link href="/clients" className="underline underline-offset-2 hover:text-text">
              {t.moreClients(offers.length - LINES)}
            </Link>
          </li>
        )}
      </ul>
    </section>
  );
}

function OfferLine({ offer: { client, entries } }: { offer: Offer }) {
  const store = useStore();
  const apply = useApply();
  const leaveAlone = useLeaveAlone();
  const [busy, setBusy] = useState(false);
  const [looking, setLooking] = useState(false);
  const shown = entries.slice(0, NAMES).map(({ name }) => name);
  const names = [...shown, ...(entries.length > NAMES ? [t.more(entries.length - NAMES)] : [])].join(', ');
  const route = async (): Promise<void> => {
    setBusy(true);
    try {
      const [plan] = await store.call('clients.plan', { clients: [client.id], direction: 'connect' });
      if (plan) {
        const { result, error } = await apply(plan);
        if (error) tellError(error);
        else if (!result.ok) tellError(new Error(result.message));
        else tell(result.restart ? `${result.message} ${result.restart}` : result.message);
      }
    } catch (error) {
      tellError(error);
    }
    setBusy(false);
  };
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 py-0.5">
      <p className="min-w-0 grow basis-60 truncate">
        <Untrusted text={t.detail(names, client.name)} />
      </p>
      <Button
        look="quiet"
        aria-label={t.laterFor(client.name)}
        onClick={() => void leaveAlone(entries.map((entry) => referTo(client, entry)))}
      >
        {t.later}
      </Button>
      <Button look="quiet" aria-label={t.lookFor(client.name)} onClick={() => setLooking(true)}>
        {t.look}
      </Button>
      <Button busy={busy} aria-label={t.routeFor(client.name)} onClick={() => void route()}>
        {t.route}
      </Button>
      {looking && <PlanDialog client={client} direction="connect" onClose={() => setLooking(false)} />}
    </li>
  );
}
