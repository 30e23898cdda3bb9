import type { Risk } from '../../../shared/schemas/common.ts';

export interface Scored<Row> {
  readonly row: Row;
  readonly risk: Risk;
}
export interface Scoreboard<Row> {
  readonly agreement: number;
  /** Of the tools called Read, the share that are labelled so. */
  readonly readPrecision: number;
  readonly misses: readonly Scored<Row>[];
  readonly text: string;
}

const CATEGORIES = ['Read', 'Write', 'Execute', 'Destructive', 'Financial'];

/** Compares a classifier with labels. The label `changes` stands for every category but Read. */
export function score<Row extends { readonly label: string }>(
  rows: readonly Row[],
  classifier: (row: Row) => Risk,
): Scoreboard<Row> {
  const matrix = new Map<string, number>();
  const misses: Scored<Row>[] = [];
  for (const row of rows) {
    const risk = classifier(row);
    const cell = `${row.label} ${risk.category}`;
    matrix.set(cell, (matrix.get(cell) ?? 0) + 1);
    const hit = row.label === risk.category || (row.label === 'changes' && risk.category !== 'Read');
    if (!hit) misses.push({ row, risk });
  }
  const agreement = 1 - misses.length / rows.length;
  const labels = [...new Set(rows.map((row) => row.label))];
  const at = (label: string, category: string) => matrix.get(`${label} ${category}`) ?? 0;
  const calledRead = labels.reduce((sum, label) => sum + at(label, 'Read'), 0);
  const readPrecision = calledRead === 0 ? 1 : at('Read', 'Read') / calledRead;
  const line = (cells: (string | number)[]) => cells.map((cell) => String(cell).padStart(12)).join('');
  const text = [
    line(['label', ...CATEGORIES]),
    ...labels.map((label) => line([label, ...CATEGORIES.map((category) => at(label, category))])),
    `${rows.length} tools, agreement ${(agreement * 100).toFixed(1)} %, precision on Read ${(readPrecision * 100).toFixed(1)} %`,
  ].join('\n');
  return { agreement, readPrecision, misses, text };
}
