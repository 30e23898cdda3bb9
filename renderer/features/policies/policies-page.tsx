import { ScrollText } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useCore, useLoad } from '../../client/hooks.ts';
import { Badge, Status, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterInput } from '../../ui/filter-input.tsx';
import { Empty, Page } from '../../ui/page.tsx';
import { Cell } from '../../ui/table-parts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { serverRules } from '../shared/server-rules.ts';
import { usePolicyDraft } from './editor/policy-drafts.ts';
import { ObservedBanner } from './observed/observed-banner.tsx';
import { policySummary } from './policy-summary.ts';

const t = en.policies;
const COLUMNS = 'grid-cols-[minmax(140px,1.4fr)_150px_minmax(150px,1fr)_minmax(196px,1fr)_80px]';
type Source = keyof typeof t.source;
const SOURCE_TONE: Record<Source, Tone> = { recommended: 'info', file: 'none', broken: 'bad' };

/** Every server's policy: where it comes from, how much it says, and whether it is enforced. */
export function PoliciesPage() {
  const all = useCore((state) => state.servers);
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return all.filter(({ name }) => name.toLowerCase().includes(wanted));
  }, [all, text]);
  return (
    <Page
      fixed
      title={t.title}
      actions={all.length > 0 && <FilterInput label={t.filter} value={text} onText={setText} />}
    >
      {all.length === 0 ? (
        <Empty
          icon={ScrollText}
          title={t.empty.title}
          detail={t.empty.detail}
          action={
            <Button look="primary" onClick={() => navigate('/')}>
              {t.empty.action}
            </Button>
          }
        />
      ) : (
        <>
          <p className="max-w-[88ch] px-6 pb-3 text-muted">{t.lead}</p>
          <div className="px-6">
            <ObservedBanner />
          </div>
          <VirtualTable
            label={t.title}
            columns={COLUMNS}
            rowHeight={40}
            minWidth={800}
            items={found}
            keyOf={(server) => server.name}
            header={Object.values(t.columns)}
            row={(server) => <PolicyCells server={server} />}
            empty={<p className="px-6 py-8 text-muted">{t.noMatch(text)}</p>}
          />
        </>
      )}
    </Page>
  );
}

function PolicyCells({ server }: { server: ServerView }) {
  const [draft] = usePolicyDraft(server.name);
  const source: Source = server.policy.broken ? 'broken' : server.policy.source;
  const rules = serverRules(server);
  return [
    <Link
      key="name"
      href={`/policies/${encodeURIComponent(server.name)}`}
      className="block truncate font-medium after:absolute after:inset-0"
    >
      <Untrusted text={server.name} />
    </Link>,
    <span
      key="source"
      title={server.policy.broken === null ? t.sourceHint[source] : visibleText(server.policy.broken)}
    >
      <Badge tone={SOURCE_TONE[source]}>{t.source[source]}</Badge>
    </span>,
    <RuleCount key="rules" server={server} />,
    <Status key="mode" tone={rules.tone}>
      {rules.text}
    </Status>,
    draft ? (
      <Badge key="draft" tone="warn">
        {t.unsaved}
      </Badge>
    ) : (
      <span key="draft" />
    ),
  ].map((cell) => (
    <Cell key={cell.key} className="flex min-w-0 items-center">
      {cell}
    </Cell>
  ));
}

/** Read for the rows in sight only. */
function RuleCount({ server }: { server: ServerView }) {
  const { version, broken } = server.policy;
  const policy = useLoad('policy.get', { server: server.name }, `${server.name} ${version} ${broken}`);
  const clients = useCore((state) => state.clients);
  const summary = useMemo(() => (policy.data ? policySummary(policy.data.text) : null), [policy.data]);
  if (!summary) return <span className="text-muted">–</span>;
  const names = summary.clients.map((id) => clients.find((client) => client.id === id)?.name ?? id);
  return (
    <span className="truncate">
      {t.rules(summary.rules)}
      {names.length > 0 && (
        <span className="text-muted">
          {', '}
          <Untrusted text={t.overlays(names.join(', '))} />
        </span>
      )}
    </span>
  );
}
