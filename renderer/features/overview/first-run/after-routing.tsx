import { LoaderCircle, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { en } from '../../../../shared/text/en.ts';
import { useCore, useStore } from '../../../client/hooks.ts';
import { Status } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { tellError, useAction } from '../../../ui/toast.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { CopyPolicy } from '../../clients/copy-policy.tsx';
import { ACTIONS } from './choose-clients.tsx';
import { ListedServers } from './listed-servers.tsx';

const t = en.overview.after;

/** After routing: how each client is started again, and live whether it has connected. Undo stays in sight. */
export function AfterRouting(props: {
  results: ClientResult[];
  enforce: boolean;
  onUndone(): void;
  onDone(): void;
}) {
  const { results, enforce, onUndone, onDone } = props;
  const store = useStore();
  const act = useAction();
  const [undoing, setUndoing] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const undo = async (): Promise<void> => {
    setUndoing(true);
    const back = await act(() =>
      store.call('clients.apply', {
        clients: results.map(({ client }) => client),
        direction: 'disconnect',
      }),
    );
    setUndoing(false);
    if (!back) return;
    const failed = back.filter(({ ok }) => !ok);
    for (const { name, message } of failed) tellError(new Error(`${name}: ${message}`));
    if (failed.length === 0) {
      await act(async () => undefined, t.undone);
      onUndone();
    }
  };
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto max-w-[760px] px-6 py-10">
        <h1 ref={heading} tabIndex={-1} className="font-semibold text-title tracking-[-0.015em] outline-none">
          {t.title}
        </h1>
        <p className="mt-2 max-w-[64ch] text-muted">{t.lead}</p>
        <ul className="mt-6 border-line border-t">
          {results.map((result) => (
            <RoutedClient key={result.client} result={result} />
          ))}
        </ul>
        <div className="mt-8">
          <ListedServers clients={results.map(({ client }) => client)} enforce={enforce} />
        </div>
        <div className={ACTIONS}>
          <Button look="primary" className="h-8 px-4 font-medium" onClick={onDone}>
            {t.done}
          </Button>
          <Button icon={RotateCcw} className="h-8" busy={undoing} onClick={() => void undo()}>
            {t.undo}
          </Button>
        </div>
      </div>
    </div>
  );
}

function RoutedClient({ result }: { result: ClientResult }) {
  const client = useCore((state) => state.clients.find(({ id }) => id === result.client));
  const [since] = useState(() => client?.lastHandshake?.at ?? 0);
  const handshake = client?.lastHandshake;
  const isConnected = handshake !== null && handshake !== undefined && handshake.at > since;
  return (
    <li className="flex min-h-14 items-center gap-4 border-line border-b py-2">
      <div className="min-w-0 grow">
        <p className="font-medium">{result.name}</p>
        {!isConnected && (
          <p className="text-muted">{client?.running === false ? t.notRunning : result.restart}</p>
        )}
        {result.numbered && <CopyPolicy numbered={result.numbered} />}
      </div>
      <p role="status" className="shrink-0">
        {isConnected ? (
          <Status tone="good">
            <Untrusted text={t.connected(handshake.software)} />
          </Status>
        ) : (
          <span className="flex items-center gap-2 text-muted">
            <LoaderCircle size={13} aria-hidden="true" className="animate-spin" />
            {t.waiting}
          </span>
        )}
      </p>
    </li>
  );
}
