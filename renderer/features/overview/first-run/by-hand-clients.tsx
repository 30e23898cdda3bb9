import { Collapsible } from '@base-ui/react/collapsible';
import { useState } from 'react';
import type { ClientView } from '../../../../shared/schemas/client.ts';
import { en } from '../../../../shared/text/en.ts';
import { Section } from '../../../ui/page.tsx';
import { ByHand } from '../../clients/by-hand.tsx';

const t = en.clients.byHand;

/** Clients that were found, but have to be set up by hand; each with its steps. */
export function ByHandClients({ clients }: { clients: readonly ClientView[] }) {
  if (clients.length === 0) return null;
  return (
    <Section title={en.overview.firstRun.byHand}>
      <ul>
        {clients.map((client) => (
          <ByHandClient key={client.id} client={client} />
        ))}
      </ul>
    </Section>
  );
}

function ByHandClient({ client }: { client: ClientView }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="border-line border-b last:border-b-0">
      <Collapsible.Root open={open} onOpenChange={setOpen}>
        <div className="flex min-h-11 items-center gap-3">
          <p className="grow font-medium">{client.name}</p>
          <Collapsible.Trigger
            aria-label={open ? t.hideFor(client.name) : t.showFor(client.name)}
            className="h-7 shrink-0 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text"
          >
            {open ? t.hide : t.show}
          </Collapsible.Trigger>
        </div>
        <Collapsible.Panel className="pb-4">
          <ByHand client={client} />
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}
