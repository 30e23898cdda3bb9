import { LoaderCircle } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { useCore } from '../../../client/hooks.ts';
import { Status } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Section } from '../../../ui/page.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { type ListedServer, useListing } from './listing.ts';

const t = en.overview.listing;

/** The servers behind the clients just routed, and how far the listing of their tools is. */
export function ListedServers({ clients, enforce }: { clients: readonly string[]; enforce: boolean }) {
  const all = useCore((state) => state.servers);
  const { listing, servers: listed } = useListing();
  const used = all.filter(({ usedBy }) => usedBy.some((id) => clients.includes(id)));
  const names = used.map(({ name }) => name).join('\n');
  useEffect(() => {
    if (names !== '') listing.add(names.split('\n'), enforce);
  }, [listing, names, enforce]);
  if (used.length === 0) return null;
  const rows = used.flatMap(({ name }) => listed.find((each) => each.name === name) ?? []);
  const ended = rows.filter(({ step }) => step === 'done' || step === 'failed').length;
  const failed = rows.filter(({ step }) => step === 'failed').length;
  const tools = used.reduce((sum, { toolCount }) => sum + (toolCount ?? 0), 0);
  const isDone = ended === used.length;
  return (
    <Section
      title={t.title}
      action={
        <p role="status" className="flex items-center gap-2 text-muted">
          {!isDone && <LoaderCircle size={13} aria-hidden="true" className="animate-spin" />}
          {isDone
            ? [t.done(used.length, tools), ...(failed > 0 ? [t.failed(failed)] : [])].join(', ')
            : t.working(ended, used.length)}
        </p>
      }
    >
      <ul>
        {rows.map((row) => (
          <ListedRow
            key={row.name}
            row={row}
            tools={used.find(({ name }) => name === row.name)?.toolCount ?? null}
            wantsSignIn={used.some(({ name, status }) => name === row.name && status === 'signin')}
            onRetry={() => listing.retry(row.name)}
          />
        ))}
      </ul>
    </Section>
  );
}

function ListedRow(props: {
  row: ListedServer;
  tools: number | null;
  wantsSignIn: boolean;
  onRetry(): void;
}) {
  const { row, tools, wantsSignIn } = props;
  const name = visibleText(row.name);
  const isFailed = row.step === 'failed';
  return (
    <li className="flex min-h-9 items-center gap-4 border-line border-b py-1">
      <div className="min-w-0 grow">
        <p className="truncate">
          <Untrusted text={row.name} />
        </p>
        {isFailed && !wantsSignIn && (
          <p className="text-muted">
            <Untrusted text={row.message ?? ''} />
          </p>
        )}
      </div>
      {isFailed ? (
        <>
          {wantsSignIn && <Status tone="warn">{t.signIn}</Status>}
          <Link
            href={`/servers/${encodeURIComponent(row.name)}`}
            aria-label={t.open(name)}
            className="shrink-0 text-muted underline underline-offset-2 hover:text-text"
          >
            {t.open(name)}
          </Link>
          <Button onClick={props.onRetry} aria-label={`${t.retry}: ${name}`}>
            {t.retry}
          </Button>
        </>
      ) : row.step === 'done' ? (
        <Status tone="good">
          {t.tools(tools ?? 0)}, {row.enforce ? t.enforced : t.observed}
        </Status>
      ) : (
        <span className="text-muted">{t.step[row.step]}</span>
      )}
    </li>
  );
}
