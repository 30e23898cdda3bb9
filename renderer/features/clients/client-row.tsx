import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import type { ClientEntry, ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useNow } from '../../client/hooks.ts';
import type { Tone } from '../../ui/badge.tsx';
import { Status } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ago } from '../../ui/format.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.clients;
export const CLIENT_TONE: Record<ClientView['state'], Tone> = {
  'not-installed': 'none',
  'no-servers': 'none',
  direct: 'warn',
  partly: 'warn',
  routed: 'good',
  problem: 'bad',
};
const ENTRY_TONE: Record<ClientEntry['state'], Tone> = {
  direct: 'warn',
  routed: 'good',
  edited: 'info',
  skipped: 'none',
};

/** One client: whether it is routed, its entries, and the two things to do about it. */
export function ClientRow({
  client,
  onPlan,
}: {
  client: ClientView;
  onPlan(direction: 'connect' | 'disconnect'): void;
}) {
  const now = useNow(30_000);
  const { state, lastHandshake } = client;
  const problems = client.files.filter(({ problem }) => problem);
  const canConnect = state === 'direct' || state === 'partly';
  const canDisconnect = state === 'routed' || state === 'partly';
  return (
    <li className="border-line border-b">
      <Collapsible.Root>
        <div className="flex min-h-14 items-center gap-4 py-2">
          <Collapsible.Trigger className="group flex min-w-0 grow items-center gap-2 rounded-md py-1 text-left">
            <ChevronRight
              size={14}
              aria-hidden="true"
              className="shrink-0 text-muted transition-transform group-data-panel-open:rotate-90"
            />
            <span className="min-w-0">
              <span className="font-medium">{client.name}</span>
              <span className="ml-3 text-muted">{t.entries(client.entries.length)}</span>
              <span className="block truncate text-muted text-small">
                {lastHandshake ? (
                  <Untrusted text={t.handshake.last(lastHandshake.software, ago(lastHandshake.at, now))} />
                ) : (
                  canDisconnect && `${t.handshake.none}. ${client.restart}`
                )}
              </span>
            </span>
          </Collapsible.Trigger>
          <span className="w-32">
            <Status tone={CLIENT_TONE[state]}>{t.state[state]}</Status>
          </span>
          <span className="flex w-52 justify-end gap-2">
            {canDisconnect && <Button onClick={() => onPlan('disconnect')}>{t.disconnect}</Button>}
            {canConnect && (
              <Button look="primary" onClick={() => onPlan('connect')}>
                {state === 'partly' ? t.connectRest : t.connect}
              </Button>
            )}
          </span>
        </div>
        {problems.map(({ path, problem }) => (
          <p key={path} role="alert" className="mb-2 ml-6 text-bad">
            <Untrusted text={`${path}: ${problem}`} />
          </p>
        ))}
        <Collapsible.Panel className="pb-3 pl-6">
          <ul>
            {client.entries.map((entry) => (
              <Entry key={`${entry.file} ${entry.project} ${entry.name}`} entry={entry} />
            ))}
          </ul>
          {client.files
            .filter(({ exists }) => exists)
            .map(({ path }) => (
              <p key={path} className="mt-1 truncate font-mono text-muted text-small">
                {path}
              </p>
            ))}
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}

function Entry({ entry }: { entry: ClientEntry }) {
  return (
    <li className="grid grid-cols-[minmax(120px,1fr)_minmax(0,2fr)_140px] items-baseline gap-4 py-1">
      <span className="truncate">
        <Untrusted text={entry.name} />
        {entry.project && (
          <span className="block truncate text-muted text-small">
            <Untrusted text={t.project(entry.project)} />
          </span>
        )}
      </span>
      <span className="min-w-0 font-mono text-muted text-small">
        <Untrusted text={entry.target} />
        {entry.reason && (
          <span className="block font-sans">
            <Untrusted text={entry.reason} />
          </span>
        )}
      </span>
      <Status tone={ENTRY_TONE[entry.state]}>{t.entryState[entry.state]}</Status>
    </li>
  );
}
