import { ListChecks, ListFilter, RefreshCw, Wrench } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type ActionName, Category } from '../../../shared/schemas/common.ts';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Loading } from '../../ui/page.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { ACTIONS, ToolCells } from './tool-cells.tsx';
import type { Tools } from './use-tools.ts';

const t = en.tools;
const COLUMNS = 'grid-cols-[20px_minmax(140px,1fr)_110px_196px_92px_84px_44px]';

/** Every tool of a server: what it can do, and what the policy says about it. */
export function ToolsTab(props: { server: ServerView; tools: Tools; onRecommend(): void }) {
  const { tools, server } = props;
  const [text, setText] = useState('');
  const [category, setCategory] = useState<Category | ''>('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const all = tools.list;
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return (all ?? []).filter(
      (tool) =>
        (category === '' || tool.risk.category === category) &&
        `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''}`.toLowerCase().includes(wanted),
    );
  }, [all, text, category]);

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
  if (all.length === 0) {
    const words = server.toolCount === 0 ? t.emptyServer : t.empty;
    return (
      <Empty
        icon={Wrench}
        title={words.title}
        detail={words.detail}
        action={
          <Button
            look="primary"
            icon={RefreshCw}
            busy={tools.refreshing}
            onClick={() => void tools.refresh()}
          >
            {tools.refreshing ? en.servers.detail.refreshing : en.servers.detail.refresh}
          </Button>
        }
      />
    );
  }
  const selected = all.filter(({ name }) => chosen.has(name)).map(({ name }) => name);
  const allShown = shown.length > 0 && shown.every(({ name }) => chosen.has(name));
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
  return (
    <>
      <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-2 px-6 py-2">
        {selected.length > 0 ? (
          <BulkBar
            count={selected.length}
            onAction={(action) => void setAction(selected, action)}
            onClear={() => setChosen(new Set())}
          />
        ) : (
          <>
            <input
              data-filter
              type="search"
              aria-label={t.filter}
              placeholder={t.filter}
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="control w-56"
            />
            <select
              aria-label={t.columns.risk}
              value={category}
              onChange={(event) => setCategory(event.target.value as Category | '')}
              className="control"
            >
              <option value="">{t.filterKinds}</option>
              {Category.options.map((each) => (
                <option key={each} value={each}>
                  {t.category[each]}
                </option>
              ))}
            </select>
            <p role="status" className="mr-auto text-muted">
              {t.count(shown.length, all.length)}
            </p>
            <Button icon={ListChecks} onClick={props.onRecommend}>
              {en.servers.policy.recommend}
            </Button>
          </>
        )}
      </div>
      <VirtualTable
        label={t.label(server.name)}
        columns={COLUMNS}
        rowHeight={48}
        minWidth={820}
        items={shown}
        keyOf={(tool) => tool.name}
        header={[
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
          t.columns.tool,
          t.columns.risk,
          t.columns.action,
          t.columns.limit,
          t.columns.lastCall,
          t.columns.today,
        ]}
        row={(tool) => (
          <ToolCells
            tool={tool}
            selected={chosen.has(tool.name)}
            onSelect={(on) => select([tool.name], on)}
            onAction={(action) => void setAction([tool.name], action)}
            onLimit={(limit) =>
              void tools.change(
                [tool.name],
                { limit },
                limit ? t.limit.saved(tool.name) : t.limit.removed(tool.name),
              )
            }
          />
        )}
        empty={
          <Empty
            icon={ListFilter}
            title={t.noMatch.title}
            action={
              <Button
                onClick={() => {
                  setText('');
                  setCategory('');
                }}
              >
                {t.noMatch.action}
              </Button>
            }
          />
        }
      />
    </>
  );
}

function BulkBar(props: { count: number; onAction(action: ActionName): void; onClear(): void }) {
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
      <Button look="quiet" className="ml-auto" onClick={props.onClear}>
        {t.clearSelection}
      </Button>
    </>
  );
}
