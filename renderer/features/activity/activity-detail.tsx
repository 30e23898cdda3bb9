import { ListPlus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ActivityDetail, CallStatus } from '../../../shared/schemas/audit.ts';
import { en } from '../../../shared/text/en.ts';
import { useLoad } from '../../client/hooks.ts';
import { Badge, Status } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { bytes, duration, wholeTime } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { RuleDialog } from '../rules/rule-dialog.tsx';
import { DECISION_TONE, STATUS_TONE } from '../shared/decision.ts';
import { SEVERITY_TONE } from '../shared/severity-tone.ts';

const t = en.activity.detail;

/** One call in full. Read again when its status changes. */
export function ActivityDetailPane(props: { seq: number; status: CallStatus | undefined; onClose(): void }) {
  const detail = useLoad('audit.detail', { seq: props.seq }, String(props.seq));
  const { data } = detail;
  const isOld = data && props.status && data.status !== props.status && !detail.loading && !detail.error;
  if (isOld) queueMicrotask(detail.reload);
  return (
    <aside
      aria-label={t.title}
      className="flex w-[380px] max-w-full shrink-0 flex-col border-line border-l bg-side max-[960px]:absolute max-[960px]:inset-y-0 max-[960px]:right-0 max-[960px]:z-20 max-[960px]:shadow-pop"
    >
      <header className="flex h-10 shrink-0 items-center pr-2 pl-4">
        <h2 className="mr-auto font-medium">
          {t.seq} {props.seq}
        </h2>
        <IconButton icon={X} label={t.close} onClick={props.onClose} />
      </header>
      <section
        aria-label={t.title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
        tabIndex={0}
        className="min-h-0 grow overflow-auto px-4 pb-6 focus-visible:-outline-offset-2"
      >
        {detail.error && <Failure error={detail.error} retry={detail.reload} />}
        {!data && !detail.error && <Loading />}
        {data && <Detail call={data} />}
      </section>
    </aside>
  );
}

function Detail({ call }: { call: ActivityDetail }) {
  const a = en.activity;
  return (
    <>
      <p className="text-large leading-6">
        <strong className="font-semibold">
          <Untrusted text={call.clientName} />
        </strong>
        {' → '}
        <strong className="font-mono font-semibold text-base">
          <Untrusted text={call.tool ?? call.method} />
        </strong>{' '}
        <span className="text-muted">
          <Untrusted text={call.server} />
        </span>
      </p>
      <p className="mt-2">
        <Status tone={DECISION_TONE[call.decision]}>{a.decision[call.decision]}</Status>
      </p>
      <p className="mt-1">
        <Untrusted text={call.reason} />
      </p>
      {call.would && call.would !== call.decision && (
        <p className="mt-2 rounded-md bg-info-soft px-3 py-2">{t.observed(a.decision[call.would])}</p>
      )}
      <MakeRule call={call} />
      <dl className="mt-4 grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact label={t.rule} mono>
          <Untrusted text={call.rule || '–'} />
        </Fact>
        {call.approvedBy && (
          <Fact label={t.who}>
            <Untrusted text={call.approvedBy} />
          </Fact>
        )}
        {call.category && call.severity && (
          <Fact label={t.risk}>
            <Badge tone={SEVERITY_TONE[call.severity]}>
              {en.tools.riskTitle(call.category, call.severity)}
            </Badge>
          </Fact>
        )}
        <Fact label={a.columns.status}>
          <span className={STATUS_TONE[call.status]}>{a.status[call.status]}</span>
        </Fact>
        {call.error && (
          <Fact label={t.error}>
            <Untrusted text={call.error} className="text-bad" />
          </Fact>
        )}
        <Fact label={t.started}>{wholeTime(call.at)}</Fact>
        {call.heldMs !== null && <Fact label={t.held}>{duration(call.heldMs)}</Fact>}
        <Fact label={t.took}>{duration(call.durationMs)}</Fact>
        <Fact label={t.size}>{bytes(call.resultBytes)}</Fact>
      </dl>
      <h3 className="mt-5 font-medium text-muted">{t.arguments}</h3>
      {call.argumentsText === null ? (
        <p className="mt-1 text-muted">{t.noArguments}</p>
      ) : (
        <>
          <div className="mt-1.5 rounded-md border border-line bg-ground px-3 py-2">
            <Untrusted block text={call.argumentsText} />
          </div>
          <p className="mt-1.5 text-muted text-small">{t.redacted}</p>
        </>
      )}
      <dl className="mt-5 grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact label={t.method} mono>
          <Untrusted text={call.method} />
        </Fact>
        <Fact label={t.session} mono>
          <Untrusted text={call.session} />
        </Fact>
        <Fact label={t.policy} mono>
          <Untrusted text={call.policyVersion} />
        </Fact>
        <Fact label={t.definition} mono>
          {call.definitionHash ?? '–'}
        </Fact>
        <Fact label={t.argsDigest} mono>
          {call.argumentsDigest ?? '–'}
        </Fact>
        <Fact label={t.resultDigest} mono>
          {call.resultDigest ?? '–'}
        </Fact>
      </dl>
    </>
  );
}

/** Only calls of tools have rules. What is suggested is what the call did not get. */
function MakeRule({ call }: { call: ActivityDetail }) {
  const [open, setOpen] = useState(false);
  const { tool } = call;
  if (tool === null || call.method !== 'tools/call') return null;
  const got = call.would ?? call.decision;
  return (
    <>
      <Button icon={ListPlus} className="mt-3" onClick={() => setOpen(true)}>
        {en.rules.make}…
      </Button>
      {open && (
        <RuleDialog
          from={{ ...call, tool, effect: got === 'allow' ? 'ask' : 'allow' }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function Fact({ label, mono, children }: { label: string; mono?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className={mono ? 'break-all font-mono text-small leading-5' : 'break-words'}>{children}</dd>
    </>
  );
}
