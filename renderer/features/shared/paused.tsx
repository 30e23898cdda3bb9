import type { PausedClient } from '../../../shared/schemas/health.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useCore, useNow, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { countdown } from '../../ui/format.ts';
import { useAction } from '../../ui/toast.tsx';

const t = en.approvals.pause;

/** The clients that are paused, above the prompts, each with the way back. */
export function PausedClients() {
  const paused = useCore((state) => state.paused);
  if (paused.length === 0) return null;
  return (
    <ul className="mb-3 flex shrink-0 flex-col gap-1">
      {paused.map((each) => (
        <li
          key={each.clientId}
          className="flex items-center gap-3 rounded-md bg-warn-soft py-1.5 pr-1.5 pl-3"
        >
          <p className="min-w-0 grow">
            <PausedWords paused={each} /> {t.detail}
          </p>
          <Resume paused={each} />
        </li>
      ))}
    </ul>
  );
}

/** Who is paused, and for how long still. */
export function PausedWords({ paused: { clientName, until } }: { paused: PausedClient }) {
  const now = useNow(until === null ? null : 1000);
  return (
    <span className="font-medium text-warn">
      {t.line(visibleText(clientName), until === null ? null : countdown(until - now))}.
    </span>
  );
}

/** Lets a paused client go on. */
export function Resume({ paused: { clientId, clientName } }: { paused: PausedClient }) {
  const store = useStore();
  const act = useAction();
  const name = visibleText(clientName);
  return (
    <Button
      aria-label={t.resumeNamed(name)}
      onClick={() => void act(() => store.call('clients.resume', { client: clientId }), t.resumed(name))}
    >
      {t.resume}
    </Button>
  );
}
