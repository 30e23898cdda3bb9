import { Activity, CircleAlert, Info, RotateCcw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Problem } from '../../../shared/schemas/common.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useNow } from '../../client/hooks.ts';
import { Status } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { clockTime } from '../../ui/format.ts';
import { Empty, Page, Section } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { inOrder, isHere, standingOf, toneOf } from '../clients/client-state.ts';
import { RestoreAll } from '../clients/restore-all.tsx';
import { UnroutedBar } from '../clients/unrouted-bar.tsx';
import { ObservedBanner } from '../policies/observed/observed-banner.tsx';
import { decisionText, decisionTone } from '../shared/decision.ts';
import { PausedClients } from '../shared/paused.tsx';
import { useWaitingCalls } from '../shared/waiting.ts';
import { ApprovalHealthSection } from './approval-health.tsx';
import { ListingBar } from './first-run/listing-bar.tsx';

const t = en.overview;

export function RoutedOverview() {
  const today = useCore((state) => state.today);
  const waiting = useWaitingCalls();
  return (
    <Page title={t.title}>
      <dl className="grid grid-cols-4 divide-x divide-line border-line border-y">
        <Stat label={t.stats.calls} value={today.calls} />
        <Stat label={t.stats.denied} value={today.denied} tone={today.denied > 0 ? 'text-bad' : ''} />
        <Stat label={t.stats.asked} value={today.asked} />
        <Stat label={t.stats.waiting} value={waiting} tone={waiting > 0 ? 'text-warn' : ''} />
      </dl>
      <div className="mt-4">
        <PausedClients />
        <UnroutedBar />
        <ListingBar />
        <ObservedBanner />
      </div>
      <Problems />
      <Section
        title={t.recent}
        action={
          <Link href="/activity" className="text-muted hover:text-text">
            {t.allActivity}
          </Link>
        }
      >
        <Recent />
      </Section>
      <ApprovalHealthSection />
      <Section
        title={t.clients}
        action={
          <>
            <Link href="/clients" className="text-muted hover:text-text">
              {en.clients.details}
            </Link>
            <UndoAll />
          </>
        }
      >
        <ClientList />
      </Section>
    </Page>
  );
}

function Stat({ label, value, tone }: { label: string; value: number; tone?: string }) {
  return (
    <div className="flex flex-col-reverse px-4 py-3 first:pl-0">
      <dt className="text-muted">{label}</dt>
      <dd className={cx('font-semibold text-title', tone)}>{en.app.number(value)}</dd>
    </div>
  );
}

const PROBLEM_LOOK = {
  error: { icon: CircleAlert, tone: 'text-bad' },
  warning: { icon: TriangleAlert, tone: 'text-warn' },
  info: { icon: Info, tone: 'text-info' },
} satisfies Record<Problem['severity'], unknown>;

function Problems() {
  const problems = useCore((state) => state.problems);
  if (problems.length === 0) return null;
  return (
    <Section title={t.problems}>
      <ul>
        {problems.map(({ id, severity, title, detail, fix }) => {
          const { icon: Icon, tone } = PROBLEM_LOOK[severity];
          return (
            <li key={id} className="flex gap-3 border-line border-b py-2.5">
              <Icon size={15} strokeWidth={1.75} aria-hidden="true" className={cx('mt-0.5 shrink-0', tone)} />
              <div className="min-w-0">
                <p className="font-medium">
                  <Untrusted text={title} />
                </p>
                <p className="text-muted">
                  <Untrusted text={detail} />
                </p>
                {fix && (
                  <p>
                    <Untrusted text={fix} />
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Recent() {
  const recent = useCore((state) => state.recent);
  const now = useNow(60_000);
  if (recent.length === 0) return <Empty icon={Activity} title={t.noCalls.title} detail={t.noCalls.detail} />;
  return (
    <ul>
      {recent.slice(0, 8).map((row) => (
        <li
          key={row.seq}
          className="grid h-8 grid-cols-[64px_120px_minmax(0,1fr)_auto] items-center gap-4 border-line border-b"
        >
          <span className="text-muted">{clockTime(row.at, now)}</span>
          <span className="truncate">
            <Untrusted text={row.clientName} />
          </span>
          <span className="truncate">
            <span className="font-mono text-small">
              <Untrusted text={row.tool ?? row.method} />
            </span>{' '}
            <span className="text-muted">
              <Untrusted text={row.server} />
            </span>
          </span>
          <Status tone={decisionTone(row)}>{decisionText(row)}</Status>
        </li>
      ))}
    </ul>
  );
}

/** The way back is always in sight. */
function UndoAll() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="quiet" icon={RotateCcw} className="-mr-2.5" onClick={() => setOpen(true)}>
        {en.clients.restoreAll}
      </Button>
      <RestoreAll open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function ClientList() {
  const clients = useCore((state) => state.clients).filter(isHere);
  return (
    <ul>
      {inOrder(clients).map((client) => {
        const standing = standingOf(client);
        return (
          <li key={client.id} className="flex h-8 items-center gap-4 border-line border-b">
            <span className="grow">{client.name}</span>
            {client.restartNeeded && <span className="text-muted">{en.clients.restartNeeded}</span>}
            <Status tone={toneOf(standing)}>{en.clients.state[standing]}</Status>
          </li>
        );
      })}
    </ul>
  );
}
