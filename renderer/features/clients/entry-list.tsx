import { useState } from 'react';
import { Link } from 'wouter';
import type { ClientEntry, ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useStore } from '../../client/hooks.ts';
import { Badge, Status, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { tell, tellError, useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { referTo, useLeaveAlone } from './left-alone.ts';

const t = en.clients;
const TONE: Record<ClientEntry['state'], Tone> = {
  direct: 'warn',
  routed: 'good',
  edited: 'info',
  skipped: 'none',
};

/** The servers of one client: what each reaches, whether it is routed, and why not. */
export function EntryList({ client }: { client: ClientView }) {
  return (
    <ul>
      {client.entries.map((entry) => (
        <Entry key={`${entry.file} ${entry.project} ${entry.name}`} client={client} entry={entry} />
      ))}
    </ul>
  );
}

function Entry({ client, entry }: { client: ClientView; entry: ClientEntry }) {
  const { server, kind, sharedWith } = entry;
  return (
    <li className="grid grid-cols-[minmax(120px,1fr)_minmax(0,2.4fr)_132px] items-baseline gap-4 py-1.5">
      <div className="min-w-0">
        <p className="truncate">
          {server === null ? (
            <Untrusted text={entry.name} />
          ) : (
            <Link
              href={`/servers/${encodeURIComponent(server)}`}
              className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              <Untrusted text={entry.name} />
            </Link>
          )}
        </p>
        {entry.project !== null && (
          <p className="truncate text-muted text-small" title={visibleText(entry.project)}>
            <Untrusted text={t.project(entry.project)} />
          </p>
        )}
        {server !== null && server !== entry.name && (
          <p className="truncate text-muted text-small">
            <Untrusted text={t.registeredAs(server)} />
          </p>
        )}
        {kind !== 'entry' && <Badge>{t.kind[kind]}</Badge>}
      </div>
      <div className="min-w-0 text-muted">
        <p className="truncate font-mono text-small" title={visibleText(entry.target)}>
          <Untrusted text={entry.target} />
        </p>
        {entry.reason && (
          <p>
            <Untrusted text={entry.reason} />
          </p>
        )}
        {kind === 'extension' && <p>{t.extensionHelp}</p>}
        {sharedWith.length > 0 && entry.state !== 'skipped' && (
          <p>
            <Untrusted text={t.shared(sharedWith.join(', '))} />
          </p>
        )}
        {entry.state === 'direct' && entry.leftAlone && <Left client={client} entry={entry} />}
        {entry.state === 'edited' && <HandEdit client={client} entry={entry} />}
      </div>
      <Status tone={TONE[entry.state]}>{t.entryState[entry.state]}</Status>
    </li>
  );
}

/** An entry that a person left unrouted: said, with the way to have it offered again. */
function Left({ client, entry }: { client: ClientView; entry: ClientEntry }) {
  const leaveAlone = useLeaveAlone();
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      {t.offer.left}
      <Button
        look="quiet"
        className="-ml-2.5"
        aria-label={t.offer.againFor(visibleText(entry.name))}
        onClick={() => void leaveAlone([referTo(client, entry)], false)}
      >
        {t.offer.again}
      </Button>
    </p>
  );
}

/** An entry of ours that somebody changed: it is shown, and not changed back without being asked. */
function HandEdit({ client, entry }: { client: ClientView; entry: ClientEntry }) {
  const store = useStore();
  const act = useAction();
  const [busy, setBusy] = useState<'mine' | 'ours'>();
  const name = visibleText(entry.name);
  const settle = async (keep: 'mine' | 'ours'): Promise<void> => {
    setBusy(keep);
    const result = await act(() =>
      store.call('clients.settleHandEdit', {
        client: client.id,
        file: entry.file,
        name: entry.name,
        project: entry.project,
        keep,
      }),
    );
    setBusy(undefined);
    if (result?.ok) tell(result.message);
    else if (result) tellError(new Error(result.message));
  };
  return (
    <p className="mt-1.5 flex gap-2">
      <Button
        aria-label={t.edit.mineOf(name)}
        busy={busy === 'mine'}
        disabled={busy !== undefined}
        onClick={() => void settle('mine')}
      >
        {t.edit.mine}
      </Button>
      <Button
        aria-label={t.edit.oursOf(name)}
        busy={busy === 'ours'}
        disabled={busy !== undefined}
        onClick={() => void settle('ours')}
      >
        {t.edit.ours}
      </Button>
    </p>
  );
}
