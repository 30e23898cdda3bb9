import { useState } from 'react';
import type { ClientResult } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.clients.numbered;

/** Servers that were registered under a number: says so, and gives one the policy of the other in one click. */
export function CopyPolicy({ numbered }: { numbered: NonNullable<ClientResult['numbered']> }) {
  const store = useStore();
  const act = useAction();
  const [copied, setCopied] = useState<readonly string[]>([]);
  const copy = async (from: string, to: string): Promise<void> => {
    const done = await act(
      async () => {
        const { text } = await store.call('policy.get', { server: from });
        return store.call('policy.set', { server: to, text });
      },
      t.copied(from, to),
    );
    if (done) setCopied((before) => [...before, to]);
  };
  return (
    <ul>
      {numbered.map(({ name, server, besides }) => (
        <li key={server} className="flex items-center gap-3 py-1">
          <p className="grow text-muted">
            <Untrusted text={t.why(name, server, besides)} />
          </p>
          <Button disabled={copied.includes(server)} onClick={() => void copy(besides, server)}>
            {t.copy(besides)}
          </Button>
        </li>
      ))}
    </ul>
  );
}
