import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ByHand } from './by-hand.tsx';

const t = en.clients;

/** Known clients that are not on this machine, folded. Those that are set up by hand cannot always be found: their steps are here. */
export function AlsoKnown({ clients }: { clients: readonly ClientView[] }) {
  const [steps, setSteps] = useState<ClientView>();
  if (clients.length === 0) return null;
  const sorted = [...clients].sort((a, b) => a.name.localeCompare(b.name));
  const byHand = sorted.filter((client) => client.byHand !== null);
  const rest = sorted.filter((client) => client.byHand === null);
  return (
    <Collapsible.Root className="mt-4">
      <Collapsible.Trigger className="group flex h-7 items-center gap-2 rounded-md text-muted hover:text-text">
        <ChevronRight
          size={14}
          aria-hidden="true"
          className="shrink-0 transition-transform group-data-panel-open:rotate-90"
        />
        {t.alsoKnown(clients.length)}
      </Collapsible.Trigger>
      <Collapsible.Panel className="pt-1 pl-5.5 text-muted">
        {rest.length > 0 && <p className="max-w-[88ch]">{rest.map(({ name }) => name).join(', ')}</p>}
        {byHand.length > 0 && (
          <ul className="mt-2 max-w-120 border-line border-t">
            {byHand.map((client) => (
              <li key={client.id} className="flex h-9 items-center gap-4 border-line border-b">
                <span className="grow">{client.name}</span>
                <Button
                  look="quiet"
                  aria-label={t.byHand.showFor(client.name)}
                  onClick={() => setSteps(client)}
                >
                  {t.byHand.show}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Collapsible.Panel>
      {steps && (
        <Dialog wide open onClose={() => setSteps(undefined)} title={t.byHand.title(steps.name)}>
          <ByHand client={steps} />
        </Dialog>
      )}
    </Collapsible.Root>
  );
}
