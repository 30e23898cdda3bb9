// biome-ignore-all lint/a11y/useSemanticElements: rows of virtual tables are placed by hand, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: these are parts of plain tables; a grid moves its active row by itself
import type { ComponentProps } from 'react';

type Div = ComponentProps<'div'>;

export function Table(props: Div) {
  return <div role="table" {...props} />;
}
export function RowGroup(props: Div) {
  return <div role="rowgroup" {...props} />;
}
export function Row(props: Div) {
  return <div role="row" {...props} />;
}
export function ColumnHeader(props: Div) {
  return <div role="columnheader" {...props} />;
}
export function Cell(props: Div) {
  return <div role="cell" {...props} />;
}
/** A table in which one row is chosen: one tab stop, `aria-activedescendant` names the row. */
export function Grid(props: Div) {
  return <div role="grid" {...props} />;
}
export function GridCell(props: Div) {
  return <div role="gridcell" {...props} />;
}
