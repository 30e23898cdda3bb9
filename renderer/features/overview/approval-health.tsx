import { useState } from 'react';
import { Link } from 'wouter';
import { HEALTH_DAYS } from '../../../shared/limits.ts';
import type { ApprovalHealth, HealthSuggestion } from '../../../shared/schemas/health.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useCore, useLoad } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { duration } from '../../ui/format.ts';
import { Failure, Loading, Section } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { RuleDialog, type RuleSource } from '../rules/rule-dialog.tsx';
import { PromptChart } from './prompt-chart.tsx';

const t = en.overview.health;
const MOST_TOOLS = 6;

/** What prompts cost the person: how many there are, how fast they are answered, and which would be better as a rule. */
export function ApprovalHealthSection() {
  // Read again when what waits changes: that is when a prompt came or was answered.
  const waiting = useCore((state) => state.approvals)
    .map(({ id }) => id)
    .join(' ');
  const health = useLoad('approvals.health', { days: HEALTH_DAYS }, waiting);
  const [last, setLast] = useState(health.data);
  if (health.data && health.data !== last) setLast(health.data);
  const data = health.data ?? last;
  return (
    <Section
      title={t.title(HEALTH_DAYS)}
      action={
        <Link href="/missed" className="text-muted hover:text-text">
          {t.showMissed}
        </Link>
      }
    >
      {health.error && <Failure error={health.error} retry={health.reload} />}
      {!data && !health.error && <Loading />}
      {data && (data.prompts === 0 ? <p className="py-3 text-muted">{t.none}</p> : <Health health={data} />)}
    </Section>
  );
}

function Health({ health }: { health: ApprovalHealth }) {
  const [rule, setRule] = useState<RuleSource>();
  const answers = health.allowed + health.denied;
  const facts: [string, string][] = [
    [en.app.number(health.prompts), t.prompts],
    [health.perDay.toFixed(1), t.perDay],
    [health.medianMs === null ? '–' : duration(health.medianMs), t.median],
    [answers === 0 ? '–' : `${Math.round((100 * health.allowed) / answers)} %`, t.allowed],
    [en.app.number(health.missed), t.missed],
  ];
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-8 gap-y-3 py-3">
        <dl className="flex flex-wrap gap-x-6 gap-y-2">
          {facts.map(([value, label]) => (
            <div key={label} className="flex flex-col-reverse">
              <dt className="text-muted text-small">{label}</dt>
              <dd className="font-semibold text-large">{value}</dd>
            </div>
          ))}
        </dl>
        <PromptChart byDay={health.byDay} />
      </div>
      {health.hasty > 0 && <p className="pb-3 text-warn">{t.hasty(health.hasty)}</p>}
      {health.suggestions.length > 0 && (
        <>
          <h3 className="mt-2 font-medium text-muted">{t.suggestions}</h3>
          <ul className="mt-1 border-line border-t">
            {health.suggestions.map((suggestion) => (
              <Suggestion
                key={`${suggestion.server} ${suggestion.tool} ${suggestion.clientId}`}
                suggestion={suggestion}
                onRule={setRule}
              />
            ))}
          </ul>
        </>
      )}
      <Tools tools={health.byTool.slice(0, MOST_TOOLS)} />
      {rule && <RuleDialog from={rule} onClose={() => setRule(undefined)} />}
    </>
  );
}

function Suggestion(props: { suggestion: HealthSuggestion; onRule(from: RuleSource): void }) {
  const { suggestion } = props;
  const { seq, tool, clientName, answer } = suggestion;
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-1.5">
      <p className="min-w-0 grow basis-80">
        <Untrusted text={suggestion.sentence} />
      </p>
      {seq === null ? (
        <span className="text-muted">{t.noRecord}</span>
      ) : (
        <Button
          aria-label={t.makeRuleFor(visibleText(tool), visibleText(clientName))}
          onClick={() => props.onRule({ ...suggestion, seq, effect: answer })}
        >
          {t.makeRule}…
        </Button>
      )}
    </li>
  );
}

function Tools({ tools }: { tools: ApprovalHealth['byTool'] }) {
  if (tools.length === 0) return null;
  const { columns } = t;
  const cells = ['prompts', 'allowed', 'denied', 'missed'] as const;
  return (
    <table className="mt-4 w-full max-w-[680px] table-fixed text-left">
      <caption className="text-left font-medium text-muted">{t.byTool}</caption>
      <thead>
        <tr className="border-line border-b text-muted text-small">
          <th scope="col" className="h-7 w-auto font-normal">
            {columns.tool}
          </th>
          {cells.map((cell) => (
            <th key={cell} scope="col" className="w-20 text-right font-normal">
              {columns[cell]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tools.map((row) => (
          <tr key={`${row.server} ${row.tool}`} className="border-line border-b">
            <th scope="row" className="h-7 truncate font-normal">
              <span className="font-mono text-small">
                <Untrusted text={row.tool} />
              </span>{' '}
              <span className="text-muted">
                <Untrusted text={row.server} />
              </span>
            </th>
            {cells.map((cell) => (
              <td key={cell} className="text-right">
                {en.app.number(row[cell])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
