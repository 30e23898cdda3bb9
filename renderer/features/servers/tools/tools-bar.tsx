import { ListChecks } from 'lucide-react';
import { useMemo } from 'react';
import { type ActionName, Category } from '../../../../shared/schemas/common.ts';
import type { SimpleLimit, ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { FilterInput } from '../../../ui/filter-input.tsx';
import { type LimitPopups, ManyLimits } from './limit-editor.tsx';
import { ACTIONS } from './tool-cells.tsx';

const t = en.tools;
const PINS = ['blocked', 'new', 'passed'] as const;
export type PinFilter = (typeof PINS)[number];

/** Which tools of a list are shown. */
export interface ToolFilter {
  readonly text: string;
  readonly category: Category | '';
  readonly pin: PinFilter | '';
}
export const NO_FILTER: ToolFilter = { text: '', category: '', pin: '' };

export function filterTools(tools: readonly ToolView[], filter: ToolFilter): readonly ToolView[] {
  const wanted = filter.text.trim().toLowerCase();
  if (wanted === '' && filter.category === '' && filter.pin === '') return tools;
  return tools.filter(
    (tool) =>
      (filter.category === '' || tool.risk.category === filter.category) &&
      (filter.pin === '' || tool.pin.state === filter.pin) &&
      wordsOf(tool).includes(wanted),
  );
}

/** What a tool is searched by, kept as long as the tool is: put together again for every key, it takes longer than a frame. */
const words = new WeakMap<ToolView, string>();
function wordsOf(tool: ToolView): string {
  let known = words.get(tool);
  if (known === undefined) {
    known = `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''}`.toLowerCase();
    words.set(tool, known);
  }
  return known;
}

export function FilterBar(props: {
  all: readonly ToolView[];
  shown: number;
  filter: ToolFilter;
  onChange(filter: ToolFilter): void;
  onRecommend(): void;
}) {
  const { all, filter } = props;
  const change = (part: Partial<ToolFilter>): void => props.onChange({ ...filter, ...part });
  const waiting = useMemo(() => all.filter(({ pin }) => pin.state === 'blocked').length, [all]);
  return (
    <>
      <FilterInput label={t.filter} value={filter.text} onText={(text) => change({ text })} />
      <select
        aria-label={t.columns.risk}
        value={filter.category}
        onChange={(event) => change({ category: event.target.value as Category | '' })}
        className="control"
      >
        <option value="">{t.filterKinds}</option>
        {Category.options.map((each) => (
          <option key={each} value={each}>
            {t.category[each]}
          </option>
        ))}
      </select>
      <select
        aria-label={t.filterPin}
        value={filter.pin}
        onChange={(event) => change({ pin: event.target.value as PinFilter | '' })}
        className="control"
      >
        <option value="">{t.filterPins}</option>
        {PINS.map((each) => (
          <option key={each} value={each}>
            {each === 'blocked' ? t.waiting(waiting) : t.pin[each]}
          </option>
        ))}
      </select>
      <p role="status" className="mr-auto text-muted">
        {t.count(props.shown, all.length)}
      </p>
      <Button icon={ListChecks} onClick={props.onRecommend}>
        {en.servers.policy.recommend}
      </Button>
    </>
  );
}

export function BulkBar(props: {
  count: number;
  limits: LimitPopups;
  onAction(action: ActionName): void;
  onLimit(limit: SimpleLimit | null): void;
  onClear(): void;
}) {
  return (
    <>
      <p role="status" className="font-medium">
        {t.selected(props.count)}
      </p>
      <span className="ml-3 text-muted">{t.setSelected}</span>
      {ACTIONS.map((action) => (
        <Button key={action} title={t.actionHint[action]} onClick={() => props.onAction(action)}>
          {t.action[action]}
        </Button>
      ))}
      <ManyLimits popups={props.limits} onChange={props.onLimit} />
      <Button look="quiet" className="ml-auto" onClick={props.onClear}>
        {t.clearSelection}
      </Button>
    </>
  );
}
