import { Ellipsis } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { ActionName } from '../../../../shared/schemas/common.ts';
import type { SimpleLimit, ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Badge } from '../../../ui/badge.tsx';
import { ago } from '../../../ui/format.ts';
import { Segmented } from '../../../ui/segmented.tsx';
import { Cell } from '../../../ui/table-parts.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { PinBadge } from '../definitions/pin.tsx';
import { LimitEditor, type LimitPopups } from './limit-editor.tsx';
import { RiskBadge, type RiskPopups } from './risk.tsx';

const t = en.tools;
export const ACTIONS = ['allow', 'ask', 'deny', 'hide'] as const;
const ON: Record<ActionName, string> = {
  allow: 'text-good',
  ask: 'text-warn',
  deny: 'text-bad',
  hide: 'text-text',
};
const CHOICES = ACTIONS.map((value) => ({
  value,
  label: t.action[value],
  hint: t.actionHint[value],
  on: ON[value],
}));
const CELL = 'flex min-w-0 items-center';

/** Widths, headings and cells of the table of tools stand in this file: what is shown of a tool is added here alone. */
export const TOOL_COLUMNS = 'grid-cols-[20px_minmax(160px,1fr)_110px_196px_92px_84px_44px]';
/** @param selectAll what stands above the boxes that select a tool */
export function toolHeader(selectAll: ReactNode): ReactNode[] {
  const { tool, risk, action, limit, lastCall, today } = t.columns;
  return [selectAll, tool, risk, action, limit, lastCall, today];
}

/** What can be done with a row. The same object for all rows and renderings, so that unchanged rows are not drawn again. */
export interface RowActions {
  readonly risks: RiskPopups;
  readonly limits: LimitPopups;
  select(tool: string, on: boolean): void;
  setAction(tool: string, action: ActionName): void;
  setLimit(tool: string, limit: SimpleLimit | null): void;
  open(tool: string): void;
  review(tool: string): void;
}
export interface ToolCellsProps {
  tool: ToolView;
  selected: boolean;
  /** For how long ago the last call was; ms since the epoch. One clock for the table: a timer in each row slows scrolling. */
  now: number;
  actions: RowActions;
}

/** The cells of one tool, in the order of {@link toolHeader}. */
export const ToolCells = memo(function ToolCells({ tool, selected, now, actions }: ToolCellsProps) {
  const name = visibleText(tool.name);
  return (
    <>
      <Cell className={CELL}>
        <input
          type="checkbox"
          aria-label={t.select(name)}
          checked={selected}
          onChange={(event) => actions.select(tool.name, event.target.checked)}
          className="size-3.5 accent-invert"
        />
      </Cell>
      <Cell className="flex min-w-0 flex-col justify-center" title={visibleText(tool.explain)}>
        <button
          type="button"
          aria-label={t.detail.open(name)}
          onClick={() => actions.open(tool.name)}
          className="block max-w-full truncate text-left font-mono text-small underline-offset-2 hover:underline"
        >
          <Untrusted text={tool.name} />
        </button>
        <div className="flex w-full min-w-0 items-center gap-2 text-small">
          <PinBadge
            tool={tool.name}
            pin={tool.pin}
            onOpen={() => (tool.pin.state === 'blocked' ? actions.review : actions.open)(tool.name)}
          />
          {(tool.title || tool.description) && (
            <p className="truncate text-muted">
              <Untrusted text={tool.title ?? tool.description ?? ''} />
            </p>
          )}
        </div>
      </Cell>
      <Cell className="flex min-w-0 flex-col items-start justify-center gap-0.5">
        <RiskBadge tool={tool.name} risk={tool.risk} popups={actions.risks} />
        {tool.risk.flags.length > 0 && (
          <p className="max-w-full truncate text-muted text-small leading-4">
            {tool.risk.flags.map((flag) => t.flag[flag]).join(', ')}
          </p>
        )}
      </Cell>
      <Cell className={CELL}>
        <Rule tool={tool} actions={actions} name={name} />
      </Cell>
      <Cell className={CELL}>
        <LimitEditor
          tool={tool.name}
          limit={tool.limit}
          popups={actions.limits}
          onChange={(limit) => actions.setLimit(tool.name, limit)}
        />
      </Cell>
      <Cell className={`${CELL} text-muted`}>
        {tool.lastCallAt === null ? en.app.never : ago(tool.lastCallAt, now)}
      </Cell>
      <Cell className={CELL}>{tool.callsToday}</Cell>
    </>
  );
});

/** What the policy says; for a tool that waits for review the toggle would have no effect, so that is said instead. */
function Rule({ tool, name, actions }: { tool: ToolView; name: string; actions: RowActions }) {
  if (tool.pin.state === 'blocked' && tool.action !== 'hide')
    return (
      <span className="flex items-center gap-2">
        <span title={t.blockedHint(tool.action)}>
          <Badge tone="bad">{t.blocked}</Badge>
          <span className="sr-only">{t.blockedHint(tool.action)}</span>
        </span>
        <button
          type="button"
          aria-label={t.reviewOf(name)}
          onClick={() => actions.review(tool.name)}
          className="h-6 rounded-md border border-line-strong bg-raised px-2 text-small hover:bg-hover"
        >
          {t.review}
        </button>
      </span>
    );
  return (
    <>
      <Segmented
        label={t.actionFor(name)}
        value={tool.action}
        choices={CHOICES}
        onChange={(action) => actions.setAction(tool.name, action)}
      />
      {tool.hasMoreRules && (
        <span title={t.moreRulesHint} className="ml-1 text-muted">
          <Ellipsis size={14} aria-hidden="true" />
          <span className="sr-only">{t.moreRules}</span>
        </span>
      )}
    </>
  );
}
