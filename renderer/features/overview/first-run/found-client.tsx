import { Collapsible } from '@base-ui/react/collapsible';
import { Check, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ClientEntry, ClientPlan } from '../../../../shared/schemas/client.ts';
import { en } from '../../../../shared/text/en.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { LeftOut } from '../../clients/left-out.tsx';
import { PlanView, planCounts } from '../../clients/plan-view.tsx';

const t = en.overview.firstRun;

export interface Progress {
  readonly step: 'waiting' | 'writing' | 'done' | 'failed';
  readonly message?: string;
}

/** One client of the first run: what would change in it, and while it is routed, how far that is. */
export function FoundClient(props: {
  plan: ClientPlan;
  /** Everything that was found of the client, also what is not in its own file. */
  entries: readonly ClientEntry[];
  /** Whether the client runs now; null where that is not known. */
  running: boolean | null;
  chosen: boolean;
  disabled: boolean;
  progress: Progress | undefined;
  onChoose(on: boolean): void;
}) {
  const { plan, progress } = props;
  const [open, setOpen] = useState(false);
  const { routed, skipped, secrets } = planCounts(plan);
  const problems = plan.files.flatMap(({ path, problem }) =>
    problem === null ? [] : [problem.includes(path) ? problem : `${path}: ${problem}`],
  );
  const hasDetail = plan.files.some(({ diff, entries }) => diff !== '' || entries.length > 0);
  const shown = progress?.message === undefined ? problems : [progress.message];
  const parts = [
    routed > 0 && t.willRoute(routed),
    skipped > 0 && t.willSkip(skipped),
    secrets > 0 && t.secrets(secrets),
    props.running === true && routed > 0 && t.running,
  ].filter((part) => part !== false);
  return (
    <li className="border-line border-b">
      <Collapsible.Root open={open} onOpenChange={setOpen}>
        <div className="flex min-h-14 items-center gap-3 py-2">
          <input
            type="checkbox"
            aria-label={t.choose(plan.name)}
            checked={props.chosen}
            disabled={props.disabled}
            onChange={(event) => props.onChoose(event.target.checked)}
            className="size-3.5 accent-invert"
          />
          <div className="min-w-0 grow">
            <p className="font-medium">{plan.name}</p>
            {(parts.length > 0 || shown.length === 0) && (
              <p className="text-muted">{parts.length > 0 ? parts.join(', ') : en.clients.unchanged}</p>
            )}
            {shown.map((text) => (
              <p key={text} role="alert" className="text-bad">
                <Untrusted text={text} />
              </p>
            ))}
            <LeftOut plan={plan} entries={props.entries} />
            {plan.warnings.map((warning) => (
              <p key={warning} className="text-warn">
                <Untrusted text={warning} />
              </p>
            ))}
          </div>
          {progress && <Step progress={progress} />}
          {hasDetail && (
            <Collapsible.Trigger
              aria-label={`${open ? t.hideDiff : t.showDiff}: ${plan.name}`}
              className="h-7 shrink-0 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text"
            >
              {open ? t.hideDiff : t.showDiff}
            </Collapsible.Trigger>
          )}
        </div>
        <Collapsible.Panel className="pb-4 pl-6">
          <PlanView plan={plan} brief />
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}

function Step({ progress }: { progress: Progress }) {
  const text = t.progress[progress.step];
  if (progress.step === 'failed')
    return (
      <p role="status" className="flex items-center gap-1.5 text-bad">
        <TriangleAlert size={14} aria-hidden="true" />
        {text}
      </p>
    );
  if (progress.step === 'done')
    return (
      <p role="status" className="flex items-center gap-1.5 text-good">
        <Check size={14} aria-hidden="true" />
        {text}
      </p>
    );
  return (
    <p role="status" className="flex items-center gap-1.5 text-muted">
      {progress.step === 'writing' && <LoaderCircle size={14} aria-hidden="true" className="animate-spin" />}
      {text}
    </p>
  );
}
