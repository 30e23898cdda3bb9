import { useEffect, useState } from 'react';
import type { ClientEntry, ClientPlan, ClientResult } from '../../../../shared/schemas/client.ts';
import { en } from '../../../../shared/text/en.ts';
import { useCore, useLoad, useStore } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure, Loading } from '../../../ui/page.tsx';
import { useAction } from '../../../ui/toast.tsx';
import { routable } from '../../clients/client-state.ts';
import { referTo, useLeaveAlone } from '../../clients/left-alone.ts';
import { MergeChoice } from '../../clients/merge-choice.tsx';
import { useApply } from '../../clients/use-apply.ts';
import { FoundClient, type Progress } from './found-client.tsx';
import { LoginChoice } from './login-choice.tsx';
import { PolicyChoice } from './policy-choice.tsx';

const t = en.overview.firstRun;
const NO_ENTRIES: readonly ClientEntry[] = [];
/** The one button stays in sight, however long the list is. */
export const ACTIONS =
  'sticky bottom-0 z-10 mt-4 flex items-center gap-3 border-line border-t bg-ground py-4';

/** The clients found, each with what would change, and the one button that does it. */
export function ChooseClients(props: {
  ids: string[];
  enforce: boolean;
  onEnforce(enforce: boolean): void;
  onRouted(results: ClientResult[]): void;
}) {
  const { ids, onRouted } = props;
  const clients = useCore((state) => state.clients);
  const [merge, setMerge] = useState(false);
  const plans = useLoad(
    'clients.plan',
    { clients: ids, direction: 'connect', ...(merge ? { merge } : {}) },
    `${ids.join(' ')} ${merge}`,
  );
  const apply = useApply();
  const store = useStore();
  const act = useAction();
  const login = useLoad('startAtLogin.get', {}, 'start-at-login');
  const [atLogin, setAtLogin] = useState(true);
  const leaveAlone = useLeaveAlone();
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const [progress, setProgress] = useState<ReadonlyMap<string, Progress>>(new Map());
  const [done, setDone] = useState<readonly ClientResult[]>([]);
  const [busy, setBusy] = useState(false);
  // A file that changes on disk changes the plan: what is shown must be what is applied.
  const entries = JSON.stringify(
    clients.filter(({ id }) => ids.includes(id)).map((client) => [client.entries, client.files]),
  );
  const [plannedFor, setPlannedFor] = useState(entries);
  const { reload } = plans;
  useEffect(() => {
    if (plannedFor === entries || busy) return;
    setPlannedFor(entries);
    reload();
  }, [entries, plannedFor, busy, reload]);

  if (plans.error) return <Failure error={plans.error} retry={plans.reload} />;
  if (!plans.data) return <Loading text={t.reading} />;
  const willing = plans.data.filter(hasWork);
  const chosen = willing.filter((plan) => !off.has(plan.client));
  const ended = [...progress.values()].filter(({ step }) => step === 'done' || step === 'failed').length;
  const hasFailed = !busy && [...progress.values()].some(({ step }) => step === 'failed');
  const note = (client: string, step: Progress): void =>
    setProgress((before) => new Map(before).set(client, step));
  const choose = (ids: readonly string[], on: boolean): void =>
    setOff((before) => {
      const next = new Set(before);
      for (const id of ids)
        if (on) next.delete(id);
        else next.add(id);
      return next;
    });
  /** What the person took off the list is decided: it is not offered again on the next page. */
  const finish = (results: readonly ClientResult[]): void => {
    const left = clients
      .filter(({ id }) => off.has(id))
      .flatMap((client) => routable(client).map((entry) => referTo(client, entry)));
    void leaveAlone(left);
    if (atLogin && login.data?.on === false) void act(() => store.call('startAtLogin.set', { on: true }));
    onRouted([...results]);
  };
  const route = async (): Promise<void> => {
    setBusy(true);
    setProgress(
      new Map<string, Progress>([
        ...done.map(({ client }) => [client, { step: 'done' }] as const),
        ...chosen.map(({ client }) => [client, { step: 'waiting' }] as const),
      ]),
    );
    const routed = [...done];
    let failed = false;
    for (const plan of chosen) {
      note(plan.client, { step: 'writing' });
      const { result, error } = await apply(plan, merge);
      if (result?.ok) {
        routed.push(result);
        note(plan.client, { step: 'done' });
      } else {
        failed = true;
        note(plan.client, { step: 'failed', message: error ? error.message : result.message });
      }
    }
    setBusy(false);
    setDone(routed);
    // What failed stays in sight, with its reason; its plan is made again for the next try.
    if (failed) plans.reload();
    else finish(routed);
  };
  return (
    <>
      {willing.length > 5 && (
        <label className="mt-3 flex h-8 items-center gap-3 text-muted">
          <input
            type="checkbox"
            checked={chosen.length === willing.length}
            disabled={busy}
            onChange={(event) =>
              choose(
                willing.map(({ client }) => client),
                event.target.checked,
              )
            }
            className="size-3.5 accent-invert"
          />
          {t.chooseAll}
        </label>
      )}
      <ul className="mt-3 border-line border-t">
        {plans.data.map((plan) => (
          <FoundClient
            key={plan.client}
            plan={plan}
            entries={clients.find(({ id }) => id === plan.client)?.entries ?? NO_ENTRIES}
            running={clients.find(({ id }) => id === plan.client)?.running ?? null}
            chosen={!off.has(plan.client) && hasWork(plan)}
            disabled={busy || !hasWork(plan)}
            progress={progress.get(plan.client)}
            onChoose={(on) => choose([plan.client], on)}
          />
        ))}
      </ul>
      <MergeChoice plans={plans.data} merge={merge} disabled={busy} onChange={setMerge} />
      {login.data?.on === false && <LoginChoice on={atLogin} disabled={busy} onChange={setAtLogin} />}
      <PolicyChoice enforce={props.enforce} disabled={busy} onChange={props.onEnforce} />
      {hasFailed && (
        <p role="alert" className="mt-4 rounded-md bg-warn-soft px-3 py-2">
          {t.failed}
        </p>
      )}
      <div className={ACTIONS}>
        <Button
          look="primary"
          busy={busy}
          disabled={chosen.length === 0}
          className="h-8 px-4 font-medium"
          onClick={() => void route()}
        >
          {busy ? `${t.routing}…` : t.route}
        </Button>
        {hasFailed && done.length > 0 && (
          <Button className="h-8 px-4" onClick={() => finish(done)}>
            {t.goOn}
          </Button>
        )}
        {busy && (
          <p role="status" className="text-muted">
            {t.routingOf(ended, progress.size)}
          </p>
        )}
      </div>
    </>
  );
}

function hasWork(plan: ClientPlan): boolean {
  return plan.files.some((file) => file.diff !== '');
}
