import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useRef } from 'react';
import { cx } from './cx.ts';
import { Cell, ColumnHeader, Row, RowGroup, Table } from './table-parts.tsx';
import { useGutter } from './use-gutter.ts';

export interface VirtualTableProps<T> {
  label: string;
  /** The `grid-cols-…` class that header and rows share. */
  columns: string;
  /** Height of each row, px. */
  rowHeight: number;
  items: readonly T[];
  keyOf(item: T): string;
  /** Null: the columns speak for themselves. */
  header: ReactNode[] | null;
  /** The cells of a row, each with `role="cell"`. */
  row(item: T): ReactNode;
  empty: ReactNode;
  /** Below this width, px, the table scrolls sideways by itself. */
  minWidth?: number;
  /** No lines between the rows, and each as high as its text. */
  dense?: boolean;
}

/** A table of any length: only the rows in sight exist. */
export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const { items } = props;
  const keyOf = useRef(props.keyOf);
  keyOf.current = props.keyOf;
  // The same function as long as the items are the same: another one has all of them measured again, for every frame.
  const getItemKey = useCallback((index: number) => keyOf.current(items[index] as T), [items]);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.rowHeight,
    getItemKey,
    overscan: 8,
    useFlushSync: false,
  });
  const gutter = useGutter(scroller);
  const grid = cx('grid gap-x-3 px-6', props.columns);
  return (
    <Table
      aria-label={props.label}
      aria-rowcount={props.items.length + (props.header ? 1 : 0)}
      className="min-h-0 grow overflow-x-auto"
    >
      <div role="presentation" className="flex h-full flex-col" style={{ minWidth: props.minWidth }}>
        {props.header && (
          <RowGroup className="shrink-0 border-line border-b" style={{ paddingRight: gutter }}>
            <Row aria-rowindex={1} className={cx(grid, 'h-8 items-center text-muted text-small')}>
              {props.header.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table never move
                <ColumnHeader key={at} className="min-w-0 truncate">
                  {cell}
                </ColumnHeader>
              ))}
            </Row>
          </RowGroup>
        )}
        <RowGroup
          ref={scroller}
          // A list that scrolls must be reachable with the keyboard.
          tabIndex={0}
          className="min-h-0 grow basis-0 overflow-auto focus-visible:-outline-offset-2"
        >
          {props.items.length === 0 && (
            <Row>
              <Cell>{props.empty}</Cell>
            </Row>
          )}
          <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((virtual) => (
              <Row
                key={virtual.key}
                aria-rowindex={virtual.index + (props.header ? 2 : 1)}
                ref={props.dense ? rows.measureElement : undefined}
                data-index={virtual.index}
                style={{
                  transform: `translateY(${virtual.start}px)`,
                  ...(props.dense ? { minHeight: props.rowHeight } : { height: props.rowHeight }),
                }}
                className={cx(
                  grid,
                  'absolute inset-x-0 top-0',
                  !props.dense && 'border-line border-b hover:bg-hover',
                )}
              >
                {props.row(props.items[virtual.index] as T)}
              </Row>
            ))}
          </div>
        </RowGroup>
      </div>
    </Table>
  );
}
