import { Activity, SearchX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Decision } from '../../../shared/schemas/audit.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { FilterInput } from '../../ui/filter-input.tsx';
import { Empty, Failure, Loading, Page } from '../../ui/page.tsx';
import { ActivityDetailPane } from './activity-detail.tsx';
import { ActivityListView } from './activity-list.tsx';
import { ExportMenu } from './export-menu.tsx';
import { type Filter, useActivity } from './use-activity.ts';

const t = en.activity;

/** The filter of an address: what enforcing would have done to calls of one server. */
export function wouldFilter(would: string, server: string): Filter {
  const known = Decision.safeParse(would);
  return known.success ? { server, would: known.data } : { server };
}

/** Recorded calls. `seq` is the one shown first, `show` the filter to begin with. */
export function ActivityPage(props: { seq?: number; show?: Filter }) {
  const [filter, setFilter] = useState<Filter>(props.show ?? {});
  const wanted = useDeferredValue(filter);
  const activity = useActivity(wanted);
  const [chosen, setChosen] = useState<number | null>(
    props.seq !== undefined && Number.isInteger(props.seq) ? props.seq : null,
  );
  const isFiltered = Object.keys(filter).length > 0;
  const { rows } = activity;
  return (
    <Page fixed title={t.title} actions={<ExportMenu />}>
      <Filters filter={filter} onChange={setFilter} />
      {activity.error && (
        <div className="px-6">
          <Failure error={activity.error} retry={activity.reload} />
        </div>
      )}
      {activity.loading && (
        <div className="px-6">
          <Loading />
        </div>
      )}
      {!activity.loading && rows.length === 0 && !activity.error && (
        <div className="border-line border-t">
          {isFiltered ? (
            <Empty
              icon={SearchX}
              title={t.noMatch.title}
              detail={t.noMatch.detail}
              action={<Button onClick={() => setFilter({})}>{t.filters.clear}</Button>}
            />
          ) : (
            <Empty icon={Activity} title={t.empty.title} detail={t.empty.detail} />
          )}
        </div>
      )}
      {rows.length > 0 && (
        <div className="relative flex min-h-0 grow border-line border-t">
          <ActivityListView
            rows={rows}
            chosen={chosen}
            narrow={chosen !== null}
            atEnd={activity.atEnd}
            onChoose={setChosen}
            onNearEnd={activity.loadOlder}
          />
          {chosen !== null && (
            <ActivityDetailPane
              seq={chosen}
              status={rows.find(({ seq }) => seq === chosen)?.status}
              onClose={() => setChosen(null)}
            />
          )}
        </div>
      )}
    </Page>
  );
}

const WOULD = 'would-';
/** What was decided, and under observe or bypass, what enforcing would have decided. */
const DECISIONS: (readonly [string, string])[] = [
  ...Decision.options
    .filter((decision) => decision !== 'ask')
    .map((decision) => [decision, t.decision[decision]] as const),
  ...(['ask', 'deny', 'hide'] as const).map(
    (would) => [WOULD + would, t.wouldFilter(t.decision[would])] as const,
  ),
];

function decisionFilter(chosen: string | undefined): Pick<Filter, 'decision' | 'would'> {
  const isWould = chosen?.startsWith(WOULD) ?? false;
  const parsed = Decision.safeParse(isWould ? chosen?.slice(WOULD.length) : chosen);
  const value = parsed.success ? parsed.data : undefined;
  return isWould ? { decision: undefined, would: value } : { decision: value, would: undefined };
}

function Filters({ filter, onChange }: { filter: Filter; onChange(filter: Filter): void }) {
  const clients = useCore((state) => state.clients);
  const servers = useCore((state) => state.servers);
  const set = (change: Partial<Filter>): void =>
    onChange(
      Object.fromEntries(
        Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined && value !== ''),
      ),
    );
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 px-6 pb-3">
      <FilterInput label={t.filters.text} value={filter.text ?? ''} onText={(text) => set({ text })} />
      <Choice
        label={t.filters.client}
        value={filter.client}
        options={clients.filter(({ installed }) => installed).map(({ id, name }) => [id, name])}
        onChange={(client) => set({ client })}
      />
      <Choice
        label={t.filters.server}
        value={filter.server}
        options={servers.map(({ name }) => [name, name])}
        onChange={(server) => set({ server })}
      />
      <input
        type="search"
        aria-label={t.filters.tool}
        placeholder={t.filters.toolAny}
        value={filter.tool ?? ''}
        onChange={(event) => set({ tool: event.target.value })}
        className="control w-32"
      />
      <Choice
        label={t.filters.decision}
        value={filter.would ? WOULD + filter.would : filter.decision}
        options={DECISIONS}
        onChange={(chosen) => set(decisionFilter(chosen))}
      />
      {Object.keys(filter).length > 0 && (
        <Button look="quiet" onClick={() => onChange({})}>
          {t.filters.clear}
        </Button>
      )}
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string | undefined;
  options: (readonly [string, string])[];
  onChange(value: string | undefined): void;
}) {
  return (
    <select
      aria-label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.target.value || undefined)}
      className="control max-w-56"
    >
      <option value="">{t.filters.any(props.label)}</option>
      {props.options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
