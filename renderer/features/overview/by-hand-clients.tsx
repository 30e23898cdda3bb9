import { Collapsible } from '@base-ui/react/collapsible';
import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { Section } from '../../ui/page.tsx';
import { ByHand } from '../clients/by-hand.tsx';

const t = en.overview.firstRun;

/** Clients that were found, but have to be set up by hand; each with its steps. */
export function ByHandClients({ clients }: { clients: readonly ClientView[] }) {
  if (clients.length === 0) return null;
  return (
    <Section title={t.byHand}>
      <ul>
        {clients.map((client) => (
          <li key={client.id} className="border-line border-b last:border-b-0">
            <Collapsible.Root>
              <div className="flex min-h-11 items-center gap-3">
                <p className="grow font-medium">{client.name}</p>
                <Collapsible.Trigger
                  aria-label={en.clients.byHand.showFor(client.name)}
                  className="h-7 shrink-0 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text"
                >
                  {en.clients.byHand.show}
                </Collapsible.Trigger>
              </div>
              <Collapsible.Panel className="pb-4">
                <ByHand client={client} />
              </Collapsible.Panel>
            </Collapsible.Root>
          </li>
        ))}
      </ul>
    </Section>
  );
}
