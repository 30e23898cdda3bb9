import { Tabs } from '@base-ui/react/tabs';
import { ArrowLeft, Blocks, RefreshCw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ModeName } from '../../../shared/schemas/common.ts';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useStore } from '../../client/hooks.ts';
import { Status } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Empty, Page } from '../../ui/page.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { PolicyWorkbench } from '../policies/editor/policy-workbench.tsx';
import { serverRules } from '../shared/server-rules.ts';
import { QuarantineBar } from './definitions/quarantine.tsx';
import { RecommendDialog } from './recommend-dialog.tsx';
import { DisabledBar, ServerLife } from './server-life.tsx';
import { ServerLogs } from './server-logs.tsx';
import { isUnconfirmed, statusOf } from './server-status.ts';
import { SignInBar } from './sign-in.tsx';
import { NO_FILTER, type ToolFilter } from './tools/tools-bar.tsx';
import { ToolsTab } from './tools/tools-tab.tsx';
import { useTools } from './tools/use-tools.ts';

const t = en.servers.detail;
const MODES: ModeName[] = ['enforce', 'observe', 'raised', 'bypass'];

/** `reviewing`: opened to review changed tools, so only those that wait are shown at first. */
export function ServerPage({ name, reviewing = false }: { name: string; reviewing?: boolean }) {
  const server = useCore((state) => state.servers.find((each) => each.name === name));
  if (!server)
    return (
      <Page title={<Untrusted text={name} />} above={<Back />}>
        <Empty icon={Blocks} title={t.missing(name)} />
      </Page>
    );
  return <Detail server={server} reviewing={reviewing} />;
}

function Back() {
  return (
    <Link href="/servers" className="inline-flex items-center gap-1 text-muted text-small hover:text-text">
      <ArrowLeft size={12} aria-hidden="true" />
      {t.back}
    </Link>
  );
}

function Detail({ server, reviewing }: { server: ServerView; reviewing: boolean }) {
  const tools = useTools(server);
  const [recommending, setRecommending] = useState(false);
  const [filter, setFilter] = useState<ToolFilter>({ ...NO_FILTER, pin: reviewing ? 'blocked' : '' });
  const rules = serverRules(server);
  return (
    <Page
      fixed
      above={<Back />}
      title={<Untrusted text={server.name} />}
      note={<Status tone={statusOf(server).tone}>{statusOf(server).text}</Status>}
      actions={
        <>
          <ModeSelect server={server} />
          <Button icon={RefreshCw} busy={tools.refreshing} onClick={() => void tools.refresh()}>
            {tools.refreshing ? t.refreshing : t.refresh}
          </Button>
          <ServerLife server={server} />
          <RemoveServer name={server.name} />
        </>
      }
    >
      <Facts server={server} rules={<Status tone={rules.tone}>{rules.text}</Status>} />
      <DisabledBar server={server} />
      <SignInBar server={server} />
      <QuarantineBar server={server} />
      {isUnconfirmed(server) && (
        <div className="mx-6 mb-3 flex items-center gap-4 rounded-md bg-info-soft px-3 py-2">
          <p className="grow">{t.observing}</p>
          <Button onClick={() => setRecommending(true)}>{t.enforceNow}</Button>
        </div>
      )}
      <Tabs.Root defaultValue="tools" className="flex min-h-0 grow flex-col">
        <Tabs.List aria-label={server.name} className="flex shrink-0 gap-5 border-line border-b px-6">
          {(['tools', 'policy', 'logs'] as const).map((tab) => (
            <Tabs.Tab
              key={tab}
              value={tab}
              className="-mb-px h-8 border-transparent border-b-2 text-muted hover:text-text data-active:border-text data-active:font-medium data-active:text-text"
            >
              {t.tabs[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="tools" className="flex min-h-0 grow flex-col outline-none">
          <ToolsTab
            server={server}
            tools={tools}
            filter={filter}
            onFilter={setFilter}
            onRecommend={() => setRecommending(true)}
          />
        </Tabs.Panel>
        <Tabs.Panel value="policy" className="min-h-0 grow overflow-auto px-6 outline-none">
          <PolicyWorkbench server={server} />
        </Tabs.Panel>
        <Tabs.Panel value="logs" className="flex min-h-0 grow flex-col outline-none">
          <ServerLogs name={server.name} />
        </Tabs.Panel>
      </Tabs.Root>
      {recommending && <RecommendDialog server={server} onClose={() => setRecommending(false)} />}
    </Page>
  );
}

function Facts({ server, rules }: { server: ServerView; rules: ReactNode }) {
  const clients = useCore((state) => state.clients);
  const users = server.usedBy.map((id) => clients.find((client) => client.id === id)?.name ?? id);
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1 px-6 pb-3 text-muted">
      {rules}
      <span className="min-w-0 font-mono text-small">
        <Untrusted text={server.target} />
      </span>
      <span>{users.length > 0 ? t.usedBy(users.join(', ')) : t.unused}</span>
      {server.connections > 0 && <span>{t.connections(server.connections)}</span>}
      {server.statusText && server.status !== 'signin' && (
        <p className="w-full text-bad">
          <Untrusted text={server.statusText} />
        </p>
      )}
    </div>
  );
}

function ModeSelect({ server }: { server: ServerView }) {
  const store = useStore();
  const act = useAction();
  return (
    <select
      aria-label={t.mode}
      title={t.mode}
      value={server.mode ?? ''}
      onChange={(event) => {
        const mode = (event.target.value || null) as ModeName | null;
        void act(() => store.call('mode.set', { mode, server: server.name }));
      }}
      className="control"
    >
      <option value="">{t.inherit}</option>
      {MODES.map((mode) => (
        <option key={mode} value={mode}>
          {en.app.mode.name[mode]}
        </option>
      ))}
    </select>
  );
}

function RemoveServer({ name }: { name: string }) {
  const store = useStore();
  const act = useAction();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton icon={Trash2} label={t.remove} onClick={() => setOpen(true)} />
      <Confirm
        open={open}
        onClose={() => setOpen(false)}
        title={t.removeTitle(name)}
        text={t.removeText}
        action={t.remove}
        onConfirm={async () => {
          const done = await act(async () => {
            await store.call('servers.remove', { name });
            return true;
          }, t.removed(name));
          if (done) navigate('/servers');
        }}
      />
    </>
  );
}
