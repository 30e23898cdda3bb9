import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useCore, useNow } from '../../client/hooks.ts';
import { Badge, Status } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ago } from '../../ui/format.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { ByHand } from './by-hand.tsx';
import { isDropped, isRouted, routable, standingOf, toneOf } from './client-state.ts';
import { EntryList } from './entry-list.tsx';
import { PauseClient } from './pause-client.tsx';
import { ProjectFiles } from './project-files.tsx';

const t = en.clients;

/** One client: whether it is routed, what is known of it now, its entries, and what can be done about it. */
export function ClientRow({
  client,
  onPlan,
}: {
  client: ClientView;
  onPlan(direction: 'connect' | 'disconnect'): void;
}) {
  const standing = standingOf(client);
  const paused = useCore((state) => state.paused.some(({ clientId }) => clientId === client.id));
  const open = routable(client).length;
  const problems = client.files.filter(({ problem }) => problem);
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
              <span className="flex flex-wrap items-center gap-x-3">
                <span className="font-medium">{client.name}</span> <Counts client={client} />{' '}
                {paused && <Badge tone="warn">{t.paused}</Badge>}
              </span>{' '}
              <Life client={client} />
            </span>
          </Collapsible.Trigger>
          <span className="w-32 shrink-0">
            <Status tone={toneOf(standing)}>{t.state[standing]}</Status>
          </span>
          <span className="flex w-48 shrink-0 justify-end gap-2">
            {isRouted(client) && (
              <Button aria-label={t.disconnectNamed(client.name)} onClick={() => onPlan('disconnect')}>
                {t.disconnect}
              </Button>
            )}
            {open > 0 && (
              <Button
                look="primary"
                aria-label={isRouted(client) ? t.connectRestNamed(client.name) : t.connectNamed(client.name)}
                onClick={() => onPlan('connect')}
              >
                {isRouted(client) ? t.connectRest : t.connect}
              </Button>
            )}
          </span>
        </div>
        {problems.map(({ path, problem }) => (
          <p key={path} role="alert" className="mb-2 ml-6 text-bad">
            <Untrusted text={problem?.includes(path) ? problem : `${path}: ${problem}`} />
          </p>
        ))}
        <Collapsible.Panel className="pb-4 pl-6">
          <Details client={client} onCopied={() => onPlan('connect')} />
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}

function Counts({ client }: { client: ClientView }) {
  const routed = client.entries.filter(({ state }) => state === 'routed' || state === 'edited').length;
  if (client.entries.length === 0) return null;
  return (
    <span className="text-muted">
      {routed === 0 || routed === client.entries.length
        ? t.entries(client.entries.length)
        : t.counts(routed, client.entries.length)}
    </span>
  );
}

/** What a person may want to know at a glance: what is not routed, whether it runs or must be restarted, what connected last. */
function Life({ client }: { client: ClientView }) {
  const now = useNow(30_000);
  const { lastHandshake, running, restartNeeded, restart } = client;
  const open = isRouted(client) ? routable(client) : [];
  const parts = [
    lastHandshake
      ? t.handshake.last(lastHandshake.software, ago(lastHandshake.at, now))
      : isRouted(client) && t.handshake.none,
    running === true && t.runningNow,
  ].filter((part) => part !== false);
  return (
    <span className="block text-muted text-small">
      {open.length > 0 && (
        <span className="block text-warn">
          <Untrusted text={t.notRouted(open.map(({ name }) => name).join(', '))} />
        </span>
      )}
      {parts.length > 0 && (
        <span className="block">
          <Untrusted text={parts.join(' · ')} />
        </span>
      )}
      {restartNeeded && (
        <span className="block text-warn">
          {t.restartNeeded}. {restart}
        </span>
      )}
    </span>
  );
}

function Details({ client, onCopied }: { client: ClientView; onCopied(): void }) {
  const servers = [...new Set(client.entries.flatMap(({ server }) => (server === null ? [] : [server])))];
  return (
    <>
      {client.byHand !== null && <ByHand client={client} />}
      {client.entries.some(isDropped) && (
        <p className="mb-1 max-w-[88ch] rounded-md bg-warn-soft px-3 py-2">{t.dropped}</p>
      )}
      <EntryList client={client} />
      <ProjectFiles client={client} onCopied={onCopied} />
      <dl className="mt-2 grid grid-cols-[88px_minmax(0,1fr)] gap-x-4 gap-y-1 text-muted">
        {client.files.length > 0 && (
          <>
            <dt>{t.files}</dt>
            <dd className="min-w-0">
              {client.files.map(({ path, exists }) => (
                <p key={path} className="truncate font-mono text-small" title={visibleText(path)}>
                  <Untrusted text={exists ? path : `${path} (${t.noFile})`} />
                </p>
              ))}
            </dd>
          </>
        )}
        {servers.length > 0 && (
          <>
            <dt>{t.policies}</dt>
            <dd className="flex flex-wrap gap-x-3">
              {servers.map((server) => (
                <Link
                  key={server}
                  href={`/policies/${encodeURIComponent(server)}`}
                  aria-label={t.policyOf(visibleText(server))}
                  className="underline decoration-line-strong underline-offset-2 hover:text-text"
                >
                  <Untrusted text={server} />
                </Link>
              ))}
            </dd>
          </>
        )}
      </dl>
      <p className="mt-2 -ml-2.5">
        <PauseClient client={client} />
      </p>
    </>
  );
}
