import { ArrowRight } from 'lucide-react';
import { Link } from 'wouter';
import type { SimulatedCall, Simulation } from '../../../../shared/schemas/simulation.ts';
import { en } from '../../../../shared/text/en.ts';
import { useNow } from '../../../client/hooks.ts';
import { Status, type Tone } from '../../../ui/badge.tsx';
import { clockTime } from '../../../ui/format.ts';
import { Cell, ColumnHeader, Row, RowGroup, Table } from '../../../ui/table-parts.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { DECISION_TONE } from '../../shared/decision.ts';

const t = en.policies;
const COLUMNS =
  'grid grid-cols-[104px_minmax(80px,120px)_minmax(110px,1fr)_210px_minmax(140px,1.4fr)] items-center gap-x-3';
const OUTCOMES = ['allow', 'ask', 'deny', 'hide'] as const;
const TONE: Record<(typeof OUTCOMES)[number], Tone> = {
  allow: 'good',
  ask: 'warn',
  deny: 'bad',
  hide: 'bad',
};

/** The whole result of trying a text on recorded calls. */
export function SimulationResult({ simulation }: { simulation: Simulation }) {
  return (
    <>
      <SimulationSummary simulation={simulation} />
      <ChangedCalls simulation={simulation} />
    </>
  );
}

/** What a text would have done to recorded calls: a sentence and the counts, against the policy in force. */
export function SimulationSummary({ simulation }: { simulation: Simulation }) {
  const now = useNow(60_000);
  if (simulation.calls === 0)
    return (
      <p role="status" className="py-3 text-muted">
        {t.noCalls}
      </p>
    );
  const { from, to } = simulation;
  return (
    <>
      <p role="status" className="pt-3 font-medium text-large">
        <Untrusted text={simulation.sentence} />
      </p>
      <p className="mt-1 text-muted">
        {from !== null && to !== null && t.span(clockTime(from, now), clockTime(to, now))}{' '}
        {simulation.unclear > 0 && t.unclear(simulation.unclear)}
      </p>
      <Counts simulation={simulation} />
    </>
  );
}

/** Each recorded call that was judged otherwise, newest first. */
export function ChangedCalls({ simulation }: { simulation: Simulation }) {
  const now = useNow(60_000);
  const { calls, rows, changed } = simulation;
  if (calls === 0) return null;
  if (rows.length === 0) return <p className="mt-4 text-muted">{t.noneChanged}</p>;
  return (
    <>
      <h3 className="mt-5 font-medium text-muted">
        {t.changed(changed)}
        {changed > rows.length && `, ${t.newest(rows.length, changed)}`}
      </h3>
      <Changed rows={rows} now={now} />
    </>
  );
}

function Counts({ simulation }: { simulation: Simulation }) {
  const shown = OUTCOMES.filter((outcome) => simulation.before[outcome] + simulation.after[outcome] > 0);
  return (
    <table className="mt-3 text-left">
      <thead>
        <tr className="text-muted text-small">
          <td />
          {shown.map((outcome) => (
            <th key={outcome} scope="col" className="pr-6 font-normal">
              {t.outcome[outcome]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(['before', 'after'] as const).map((when) => (
          <tr key={when}>
            <th scope="row" className="pr-6 font-normal text-muted">
              {t.counts[when]}
            </th>
            {shown.map((outcome) => (
              <td
                key={outcome}
                className={
                  when === 'after' && simulation.before[outcome] !== simulation.after[outcome]
                    ? 'pr-6 font-semibold'
                    : 'pr-6'
                }
              >
                {en.app.number(simulation[when][outcome])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changed({ rows, now }: { rows: readonly SimulatedCall[]; now: number }) {
  const { simColumns } = t;
  return (
    <Table aria-label={t.changed(rows.length)} className="mt-1 overflow-x-auto">
      <div role="presentation" className="min-w-[760px]">
        <RowGroup className="border-line border-b">
          <Row className={`${COLUMNS} h-7 text-muted text-small`}>
            {Object.values(simColumns).map((title) => (
              <ColumnHeader key={title} className="truncate">
                {title}
              </ColumnHeader>
            ))}
          </Row>
        </RowGroup>
        <RowGroup>
          {rows.map((row) => (
            <Row
              key={row.seq}
              className={`${COLUMNS} relative min-h-8 border-line border-b py-1 hover:bg-hover`}
            >
              <Cell className="truncate text-muted">{clockTime(row.at, now)}</Cell>
              <Cell className="truncate">
                <Untrusted text={row.clientName} />
              </Cell>
              <Cell className="min-w-0">
                <Link
                  href={`/activity/${row.seq}`}
                  className="block truncate font-mono text-small after:absolute after:inset-0"
                >
                  <Untrusted text={row.tool} />
                </Link>
              </Cell>
              <Cell className="flex items-center gap-2">
                <Status tone={DECISION_TONE[row.before.decision]}>{outcomeText(row.before.decision)}</Status>
                <ArrowRight size={13} role="img" aria-label={t.to} className="shrink-0 text-muted" />
                <Status tone={DECISION_TONE[row.after.decision]}>{outcomeText(row.after.decision)}</Status>
              </Cell>
              <Cell className="min-w-0">
                <Untrusted text={row.after.reason} />
                <span className="block truncate font-mono text-muted text-small">
                  <Untrusted text={row.after.rule} />
                </span>
                {row.unclear && <span className="block text-small text-warn">{t.unclearOne}</span>}
              </Cell>
            </Row>
          ))}
        </RowGroup>
      </div>
    </Table>
  );
}

function outcomeText(decision: SimulatedCall['before']['decision']): string {
  return decision in TONE ? t.outcome[decision as keyof typeof TONE] : en.activity.decision[decision];
}
