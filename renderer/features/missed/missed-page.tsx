import { Inbox, X } from 'lucide-react';
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { MAX_MISSED_CALLS } from '../../../shared/limits.ts';
import type { MissedCall } from '../../../shared/schemas/health.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useNow, useStore } from '../../client/hooks.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { FilterInput } from '../../ui/filter-input.tsx';
import { ago, wholeTime } from '../../ui/format.ts';
import { Empty, Failure, Loading, Page } from '../../ui/page.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { RuleDialog, type RuleSource } from '../rules/rule-dialog.tsx';
import { SEVERITY_TONE } from '../shared/severity-tone.ts';
import { useMissed } from './use-missed.ts';

const t = en.missed;

/** Questions that nobody answered, whole, each with the way to a rule. */
export function MissedPage() {
  const { calls, error, reload } = useMissed();
  const store = useStore();
  const act = useAction();
  const [, navigate] = useLocation();
  const now = useNow(60_000);
  const [rule, setRule] = useState<RuleSource>();
  const [text, setText] = useState('');
  const [confirming, setConfirming] = useState(false);
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const found = useMemo(
    () => (calls ?? []).filter((call) => wanted === '' || searchText(call).includes(wanted)),
    [calls, wanted],
  );
  const dismiss = useCallback(
    async (id?: string): Promise<void> => {
      await act(
        () => store.call('approvals.dismiss', id === undefined ? {} : { id }),
        id === undefined ? t.dismissedAll : t.dismissed,
      );
      reload();
    },
    [act, store, reload],
  );
  const makeRule = useCallback((call: MissedCall): void => {
    if (call.seq !== null) setRule({ ...call, seq: call.seq, effect: 'allow' });
  }, []);
  const isEmpty = calls?.length === 0;
  return (
    <Page
      title={t.title}
      actions={
        calls &&
        !isEmpty && (
          <>
            <FilterInput label={t.filter} value={text} onText={setText} />
            <Button onClick={() => setConfirming(true)}>{t.dismissAll}…</Button>
          </>
        )
      }
    >
      {error && <Failure error={error} retry={reload} />}
      {!calls && !error && <Loading />}
      {isEmpty && (
        <Empty
          icon={Inbox}
          title={t.empty.title}
          detail={t.empty.detail}
          action={<Button onClick={() => navigate('/policies')}>{t.empty.action}</Button>}
        />
      )}
      {calls && !isEmpty && (
        <>
          <p className="max-w-[88ch] pb-3 text-muted">{t.lead}</p>
          <ul className="border-line border-t">
            {found.map((call) => (
              <MissedItem key={call.id} call={call} now={now} onRule={makeRule} onDismiss={dismiss} />
            ))}
          </ul>
          {found.length === 0 && <p className="py-8 text-muted">{t.noMatch(text)}</p>}
          {calls.length >= MAX_MISSED_CALLS && <p className="py-3 text-muted">{t.most(MAX_MISSED_CALLS)}</p>}
        </>
      )}
      {rule && <RuleDialog from={rule} onClose={() => setRule(undefined)} />}
      <Confirm
        open={confirming}
        onClose={() => setConfirming(false)}
        title={t.dismissTitle(calls?.length ?? 0)}
        text={t.dismissText}
        action={t.dismissAll}
        onConfirm={() => dismiss()}
      />
    </Page>
  );
}

function searchText(call: MissedCall): string {
  return `${call.clientName} ${call.server} ${call.tool} ${call.argumentsText}`.toLowerCase();
}

/** Not painted before it comes near the window, so that hundreds scroll well. */
const MissedItem = memo(function MissedItem(props: {
  call: MissedCall;
  now: number;
  onRule(call: MissedCall): void;
  onDismiss(id: string): void;
}) {
  const { call, now } = props;
  const tool = visibleText(call.tool);
  return (
    <li className="border-line border-b py-3 [contain-intrinsic-size:auto_180px] [content-visibility:auto]">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <p className="min-w-0 grow basis-80">
          <strong className="font-semibold">
            <Untrusted text={call.clientName} />
          </strong>{' '}
          {t.wanted}{' '}
          <strong className="font-mono font-semibold text-small">
            <Untrusted text={call.tool} />
          </strong>{' '}
          {t.on} <Untrusted text={call.server} />{' '}
          <Badge tone={SEVERITY_TONE[call.risk.severity]}>{en.tools.category[call.risk.category]}</Badge>
          <span className="block text-muted">
            {t.how[call.how]}, {t.asked(call.count)},{' '}
            <time dateTime={new Date(call.at).toISOString()} title={wholeTime(call.at)}>
              {ago(call.at, now)}
            </time>
          </span>
        </p>
        <div className="flex items-center gap-2">
          {call.seq === null ? (
            <span className="text-muted text-small">{t.noRecord}</span>
          ) : (
            <>
              <Link
                href={`/activity/${call.seq}`}
                aria-label={t.showCallOf(tool)}
                className="px-1 text-muted underline-offset-2 hover:text-text hover:underline"
              >
                {t.showCall}
              </Link>
              <Button aria-label={t.makeRuleFor(tool)} onClick={() => props.onRule(call)}>
                {t.makeRule}…
              </Button>
            </>
          )}
          <IconButton icon={X} label={t.dismissOf(tool)} onClick={() => props.onDismiss(call.id)} />
        </div>
      </div>
      <p className="mt-1">
        <Untrusted text={call.why} />{' '}
        <span className="font-mono text-muted text-small">
          <Untrusted text={call.rule} />
        </span>
      </p>
      <section
        aria-label={t.argumentsOf(tool)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
        tabIndex={0}
        className="mt-2 max-h-56 overflow-auto rounded-md border border-line bg-side px-3 py-2"
      >
        <Untrusted block text={call.argumentsText} />
      </section>
    </li>
  );
});
