import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useCallback, useEffect, useMemo, useRef } from 'react';
import type { ActivityRow } from '../../../shared/schemas/audit.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useNow } from '../../client/hooks.ts';
import { Status } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { clockTime, duration } from '../../ui/format.ts';
import { ColumnHeader, Grid, GridCell, Row, RowGroup } from '../../ui/table-parts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { decisionText, decisionTone, STATUS_TONE } from '../shared/decision.ts';

const t = en.activity;
const ROW = 28;
const HEADER = 28;
/** Older calls are asked for when the end is this many rows away. */
const NEAR_END = 30;
const WIDE = 'grid-cols-[72px_110px_110px_minmax(100px,1fr)_minmax(110px,170px)_76px_60px]';
const NARROW = 'grid-cols-[72px_90px_minmax(80px,1fr)_minmax(110px,190px)]';

export interface ActivityListProps {
  rows: readonly ActivityRow[];
  chosen: number | null;
  /** Fewer columns, beside the details. */
  narrow: boolean;
  atEnd: boolean;
  onChoose(seq: number): void;
  onNearEnd(): void;
}

/** Calls, newest first. One tab stop; up, down, page, home and end move the choice. */
export function ActivityListView(props: ActivityListProps) {
  const { rows, chosen, narrow, onChoose, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  // The same function as long as the rows are the same: another one has all of them measured again, for every frame.
  const getItemKey = useCallback((index: number) => rows[index]?.seq ?? index, [rows]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey,
    overscan: 12,
    scrollMargin: HEADER,
    scrollPaddingStart: HEADER,
    useFlushSync: false,
  });
  const visible = list.getVirtualItems();
  const lastShown = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - NEAR_END) onNearEnd();
  }, [lastShown, rows.length, onNearEnd]);

  const at = useMemo(() => rows.findIndex(({ seq }) => seq === chosen), [rows, chosen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 2);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, wanted));
    const row = rows[next];
    if (!row) return;
    onChoose(row.seq);
    list.scrollToIndex(next);
  };
  const grid = cx('grid items-center gap-x-3 px-6', narrow ? NARROW : WIDE);
  const titles = narrow
    ? [t.columns.time, t.columns.client, t.columns.tool, t.columns.decision]
    : Object.values(t.columns);
  const isChosenShown = visible.some(({ index }) => index === at);
  return (
    <Grid
      ref={scroller}
      aria-label={t.label}
      aria-rowcount={props.atEnd ? rows.length + 1 : -1}
      tabIndex={0}
      aria-activedescendant={isChosenShown ? `call-${chosen}` : undefined}
      onKeyDown={onKeyDown}
      className="min-w-0 grow overflow-auto focus-visible:-outline-offset-2"
    >
      <div role="presentation" style={{ minWidth: narrow ? 420 : 780 }}>
        <RowGroup className="sticky top-0 z-10 border-line border-b bg-ground" style={{ height: HEADER }}>
          <Row aria-rowindex={1} className={cx(grid, 'h-full text-muted text-small')}>
            {titles.map((title) => (
              <ColumnHeader key={title} className="truncate">
                {title}
              </ColumnHeader>
            ))}
          </Row>
        </RowGroup>
        <RowGroup>
          <div role="presentation" className="relative" style={{ height: list.getTotalSize() }}>
            {visible.map((virtual) => {
              const row = rows[virtual.index];
              if (!row) return null;
              return (
                // Keys are taken by the grid, which names the active row.
                <Row
                  key={virtual.key}
                  id={`call-${row.seq}`}
                  tabIndex={-1}
                  aria-rowindex={virtual.index + 2}
                  aria-selected={row.seq === chosen}
                  onClick={() => onChoose(row.seq)}
                  style={{ height: ROW, transform: `translateY(${virtual.start - HEADER}px)` }}
                  className={cx(
                    grid,
                    'absolute inset-x-0 top-0 outline-none',
                    row.seq === chosen ? 'bg-active' : 'hover:bg-hover',
                  )}
                >
                  <Cells row={row} narrow={narrow} now={now} />
                </Row>
              );
            })}
          </div>
          {props.atEnd && (
            <Row className="px-6 py-3 text-muted">
              <GridCell>{t.end}</GridCell>
            </Row>
          )}
        </RowGroup>
      </div>
    </Grid>
  );
}

const Cells = memo(function Cells({ row, narrow, now }: { row: ActivityRow; narrow: boolean; now: number }) {
  return (
    <>
      <GridCell className="truncate text-muted">{clockTime(row.at, now)}</GridCell>
      <GridCell className="truncate">
        <Untrusted text={row.clientName} />
      </GridCell>
      {!narrow && (
        <GridCell className="truncate text-muted">
          <Untrusted text={row.server} />
        </GridCell>
      )}
      <GridCell className="truncate font-mono text-small">
        <Untrusted text={row.tool ?? row.method} />
      </GridCell>
      <GridCell className="truncate" title={visibleText(row.reason)}>
        <Status tone={decisionTone(row)}>{decisionText(row)}</Status>
      </GridCell>
      {!narrow && (
        <>
          <GridCell
            className={cx('truncate', STATUS_TONE[row.status])}
            title={row.error === null ? undefined : visibleText(row.error)}
          >
            {t.status[row.status]}
          </GridCell>
          <GridCell className="truncate text-muted">{duration(row.durationMs)}</GridCell>
        </>
      )}
    </>
  );
});
