import { ListFilter, RefreshCw, Wrench } from 'lucide-react';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { ActionName } from '../../../../shared/schemas/common.ts';
import type { ServerView, SimpleLimit, ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { useNow } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty, Failure, Loading } from '../../../ui/page.tsx';
import { VirtualTable } from '../../../ui/virtual-table.tsx';
import { ReviewDialog } from '../definitions/review-dialog.tsx';
import { createLimitPopups, LimitPopup } from './limit-editor.tsx';
import { createRiskPopups, RiskPopup } from './risk.tsx';
import { type RowActions, TOOL_COLUMNS, ToolCells, toolHeader } from './tool-cells.tsx';
import { ToolDetailPane } from './tool-detail.tsx';
import { BulkBar, FilterBar, filterTools, NO_FILTER, type ToolFilter } from './tools-bar.tsx';
import type { Tools } from './use-tools.ts';

const t = en.tools;

export interface ToolsTabProps {
  server: ServerView;
  tools: Tools;
  filter: ToolFilter;
  onFilter(filter: ToolFilter): void;
  onRecommend(): void;
}

/** Every tool of a server: what it can do, how its definition stands, and what the policy says about it. */
export function ToolsTab(props: ToolsTabProps) {
  const { tools, server, filter } = props;
  const frame = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<string | null>(null);
  const [reviewing, setReviewing] = useState<string | null>(null);
  const all = tools.list;
  const now = useNow(30_000);
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => filterTools(all ?? [], wanted), [all, wanted]);

  const select = (names: string[], on: boolean): void =>
    setChosen((before) => {
      const next = new Set(before);
      for (const name of names) on ? next.add(name) : next.delete(name);
      return next;
    });
  const setAction = async (names: string[], action: ActionName): Promise<void> => {
    const [only] = names;
    await tools.change(
      names,
      { action },
      names.length === 1 && only ? t.changed(only, action) : t.changedMany(names.length, action),
    );
  };
  const setLimit = async (names: string[], limit: SimpleLimit | null): Promise<void> => {
    const [only] = names;
    const n = names.length;
    const one = n === 1 && only;
    const done = limit
      ? one
        ? t.limit.saved(only)
        : t.limit.savedMany(n)
      : one
        ? t.limit.removed(only)
        : t.limit.removedMany(n);
    await tools.change(names, { limit }, done);
  };
  const actions = useRowActions({
    select: (tool, on) => select([tool], on),
    setAction: (tool, action) => void setAction([tool], action),
    setLimit: (tool, limit) => void setLimit([tool], limit),
    open(tool) {
      opener.current = document.activeElement as HTMLElement | null;
      setOpened(tool);
    },
    review: setReviewing,
  });

  if (tools.error && !all)
    return (
      <div className="px-6">
        <Failure error={tools.error} retry={tools.reload} />
      </div>
    );
  if (!all)
    return (
      <div className="px-6">
        <Loading />
      </div>
    );
  if (all.length === 0) return <NoTools server={server} tools={tools} />;

  const selected =
    chosen.size === 0 ? [] : all.filter(({ name }) => chosen.has(name)).map(({ name }) => name);
  const allShown = shown.length > 0 && shown.every(({ name }) => chosen.has(name));
  const close = (): void => {
    setOpened(null);
    // A row that was scrolled away is not there any more; then the focus goes to the list.
    const back = opener.current?.isConnected
      ? opener.current
      : frame.current?.querySelector<HTMLElement>('[role=rowgroup][tabindex]');
    back?.focus();
  };
  const named = (wanted: string | null): ToolView | undefined =>
    wanted === null ? undefined : all.find(({ name }) => name === wanted);
  const open = named(opened);
  const review = named(reviewing);
  return (
    <>
      <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-2 px-6 py-2">
        {selected.length > 0 ? (
          <BulkBar
            count={selected.length}
            limits={actions.limits}
            onAction={(action) => void setAction(selected, action)}
            onLimit={(limit) => void setLimit(selected, limit)}
            onClear={() => setChosen(new Set())}
          />
        ) : (
          <FilterBar
            all={all}
            shown={shown.length}
            filter={filter}
            onChange={props.onFilter}
            onRecommend={props.onRecommend}
          />
        )}
      </div>
      <div ref={frame} className="relative flex min-h-0 grow">
        <div className="flex min-w-0 grow flex-col">
          <VirtualTable
            label={t.label(server.name)}
            columns={TOOL_COLUMNS}
            rowHeight={48}
            minWidth={840}
            items={shown}
            keyOf={(tool) => tool.name}
            header={toolHeader(
              <input
                key="all"
                type="checkbox"
                aria-label={t.selectAll}
                checked={allShown}
                onChange={(event) =>
                  select(
                    shown.map(({ name }) => name),
                    event.target.checked,
                  )
                }
                className="block size-3.5 accent-invert"
              />,
            )}
            row={(tool) => (
              <ToolCells tool={tool} selected={chosen.has(tool.name)} now={now} actions={actions} />
            )}
            empty={
              <Empty
                icon={ListFilter}
                title={filter.pin === 'blocked' ? t.noneWaits : t.noMatch.title}
                action={<Button onClick={() => props.onFilter(NO_FILTER)}>{t.noMatch.action}</Button>}
              />
            }
          />
        </div>
        {open && <ToolDetailPane tool={open} onClose={close} onReview={() => setReviewing(open.name)} />}
      </div>
      <RiskPopup popups={actions.risks} />
      <LimitPopup popups={actions.limits} />
      {review && (
        <ReviewDialog
          key={review.name}
          server={server.name}
          tool={review}
          onClose={() => setReviewing(null)}
          onDone={tools.reload}
          onHide={() => tools.change([review.name], { action: 'hide' }, t.reviewing.hidden(review.name))}
        />
      )}
    </>
  );
}

function NoTools({ server, tools }: { server: ServerView; tools: Tools }) {
  const words = server.toolCount === 0 ? t.emptyServer : t.empty;
  return (
    <Empty
      icon={Wrench}
      title={words.title}
      detail={words.detail}
      action={
        <Button look="primary" icon={RefreshCw} busy={tools.refreshing} onClick={() => void tools.refresh()}>
          {tools.refreshing ? en.servers.detail.refreshing : en.servers.detail.refresh}
        </Button>
      }
    />
  );
}

/** The actions of the rows as one object that stays, whatever its functions close over now. */
function useRowActions(now: Omit<RowActions, 'risks' | 'limits'>): RowActions {
  const latest = useRef(now);
  latest.current = now;
  const [actions] = useState(
    (): RowActions => ({
      risks: createRiskPopups(),
      limits: createLimitPopups(),
      select: (tool, on) => latest.current.select(tool, on),
      setAction: (tool, action) => latest.current.setAction(tool, action),
      setLimit: (tool, limit) => latest.current.setLimit(tool, limit),
      open: (tool) => latest.current.open(tool),
      review: (tool) => latest.current.review(tool),
    }),
  );
  return actions;
}
