import { Blocks, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useCore, useNow } from '../../client/hooks.ts';
import { Status } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterInput } from '../../ui/filter-input.tsx';
import { ago } from '../../ui/format.ts';
import { Empty, Page } from '../../ui/page.tsx';
import { Cell } from '../../ui/table-parts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { serverRules } from '../shared/server-rules.ts';
import { AddServer } from './add-server.tsx';
import { statusOf } from './server-status.ts';
import { SignInButton, wantsSignIn } from './sign-in.tsx';

const t = en.servers;
const COLUMNS = 'grid-cols-[minmax(140px,1.6fr)_128px_minmax(196px,1fr)_52px_84px_minmax(90px,0.8fr)]';

export function ServersPage({ adding }: { adding: boolean }) {
  const all = useCore((state) => state.servers);
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return all.filter(({ name, target }) => `${name} ${target}`.toLowerCase().includes(wanted));
  }, [all, text]);
  const add = (
    <Button icon={Plus} onClick={() => navigate('/add-server')}>
      {t.add}
    </Button>
  );
  return (
    <Page
      fixed
      title={t.title}
      actions={
        <>
          {all.length > 0 && <FilterInput label={t.filter} value={text} onText={setText} />}
          {all.length > 0 && add}
        </>
      }
    >
      {all.length === 0 ? (
        <Empty
          icon={Blocks}
          title={t.empty.title}
          detail={t.empty.detail}
          action={
            <>
              <Button look="primary" onClick={() => navigate('/')}>
                {t.empty.route}
              </Button>
              {add}
            </>
          }
        />
      ) : (
        <VirtualTable
          label={t.title}
          columns={COLUMNS}
          rowHeight={44}
          minWidth={800}
          items={found}
          keyOf={(server) => server.name}
          header={[
            t.columns.name,
            t.columns.status,
            t.columns.mode,
            t.columns.tools,
            t.columns.lastCall,
            t.columns.usedBy,
          ]}
          row={(server) => <ServerCells server={server} />}
          empty={<p className="px-6 py-8 text-muted">{t.noMatch(text)}</p>}
        />
      )}
      <AddServer open={adding} onClose={() => navigate('/servers', { replace: true })} />
    </Page>
  );
}

function ServerCells({ server }: { server: ServerView }) {
  const clients = useCore((state) => state.clients);
  const now = useNow(30_000);
  const rules = serverRules(server);
  const usedBy = server.usedBy.map((id) => clients.find((client) => client.id === id)?.name ?? id);
  return [
    <div key="name" className="min-w-0">
      <Link
        href={`/servers/${encodeURIComponent(server.name)}`}
        className="block truncate font-medium after:absolute after:inset-0"
      >
        <Untrusted text={server.name} />
      </Link>
      <p className="truncate text-muted text-small">
        <Untrusted text={t.facts(server)} />
      </p>
    </div>,
    <span key="status" title={server.statusText === null ? undefined : visibleText(server.statusText)}>
      {wantsSignIn(server) ? (
        <SignInButton server={server.name} />
      ) : server.signIn?.state === 'waiting' ? (
        <Status tone="info">{t.signIn.waiting}</Status>
      ) : (
        <Status tone={statusOf(server).tone}>{statusOf(server).text}</Status>
      )}
    </span>,
    <div key="mode" className="min-w-0">
      <p className="truncate">
        <Status tone={rules.tone}>{rules.text}</Status>
      </p>
      <ReviewLink server={server} />
    </div>,
    <span key="tools">{server.toolCount ?? '–'}</span>,
    <span key="last" className="text-muted">
      {server.lastCallAt === null ? en.app.never : ago(server.lastCallAt, now)}
    </span>,
    <span key="used" className="truncate text-muted">
      <Untrusted text={usedBy.join(', ') || '–'} />
    </span>,
  ].map((cell) => (
    <Cell key={cell.key} className="flex min-w-0 items-center">
      {cell}
    </Cell>
  ));
}

/** What of this server a person has to look at; above the link of the row, and beside nothing when there is nothing. */
function ReviewLink({ server }: { server: ServerView }) {
  if (server.blockedTools === 0 && server.quarantine === null) return null;
  const words = [
    ...(server.quarantine === null ? [] : [t.quarantined]),
    ...(server.blockedTools === 0 ? [] : [t.review(server.blockedTools)]),
  ].join(', ');
  return (
    <Link
      href={`/servers/${encodeURIComponent(server.name)}/review`}
      aria-label={`${words}: ${visibleText(server.name)}`}
      className="relative z-10 block truncate text-small text-warn underline-offset-2 hover:underline"
    >
      {words}
    </Link>
  );
}
