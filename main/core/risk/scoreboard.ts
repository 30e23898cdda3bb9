import type { Category, Risk } from '../../../shared/schemas/common.ts';
import { RANK } from './signal.ts';

export interface Scored<Row> {
  readonly row: Row;
  readonly risk: Risk;
}
/** A labelled tool. The label `changes` stands for every category but Read. */
export interface Labelled {
  readonly label: string;
  /** Other categories that would be right too. */
  readonly also?: readonly Category[];
}
export interface Scoreboard<Row> {
  /** 0…1: the share of rows whose label, or one that would be right too, was given. */
  readonly agreement: number;
  /** Of the tools called Read, the share that are labelled so. */
  readonly readPrecision: number;
  /** Worst first: what was called Read and is not, then what was called less than it is, then more. */
  readonly misses: readonly Scored<Row>[];
  /** Rows by how sure the classifier was, with how often it was right. */
  readonly calibration: readonly {
    readonly confidence: number;
    readonly rows: number;
    readonly right: number;
  }[];
  /** Confusion matrix, precision and recall, calibration. */
  readonly text: string;
}

const CATEGORIES: readonly Category[] = ['Read', 'Write', 'Execute', 'Destructive', 'Financial'];

/** Compares a classifier with labels. */
export function score<Row extends Labelled>(
  rows: readonly Row[],
  classifier: (row: Row) => Risk,
): Scoreboard<Row> {
  const matrix = new Map<string, number>();
  const sure = new Map<number, { rows: number; right: number }>();
  const misses: Scored<Row>[] = [];
  for (const row of rows) {
    const risk = classifier(row);
    const right = isRight(row, risk.category);
    const label = right && row.label !== 'changes' ? risk.category : row.label;
    const cell = `${label} ${risk.category}`;
    matrix.set(cell, (matrix.get(cell) ?? 0) + 1);
    const bucket = sure.get(risk.confidence) ?? { rows: 0, right: 0 };
    sure.set(risk.confidence, { rows: bucket.rows + 1, right: bucket.right + (right ? 1 : 0) });
    if (!right) misses.push({ row, risk });
  }
  misses.sort((a, b) => badness(b) - badness(a));
  const agreement = rows.length === 0 ? 1 : 1 - misses.length / rows.length;
  const labels = [...CATEGORIES, 'changes'].filter((label) => rows.some((row) => row.label === label));
  const at = (label: string, category: string) => matrix.get(`${label} ${category}`) ?? 0;
  const called = (category: string) => labels.reduce((sum, label) => sum + at(label, category), 0);
  const readPrecision = called('Read') === 0 ? 1 : at('Read', 'Read') / called('Read');
  const calibration = [...sure]
    .sort(([a], [b]) => a - b)
    .map(([confidence, bucket]) => ({ confidence, ...bucket }));
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => String(cell).padStart(12)).join('');
  const share = (part: number, whole: number) =>
    whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`;
  const text = [
    line(['label', ...CATEGORIES, 'recall']),
    ...labels.map((label) => {
      const all = CATEGORIES.reduce((sum, category) => sum + at(label, category), 0);
      const right = label === 'changes' ? all - at(label, 'Read') : at(label, label);
      return line([label, ...CATEGORIES.map((category) => at(label, category)), share(right, all)]);
    }),
    line([
      'precision',
      ...CATEGORIES.map((category) =>
        share(at(category, category) + (category === 'Read' ? 0 : at('changes', category)), called(category)),
      ),
    ]),
    `${rows.length} tools, agreement ${share(rows.length - misses.length, rows.length)}, precision on Read ${(readPrecision * 100).toFixed(1)} %`,
    'How sure it was, and how often it was right:',
    ...calibration.map(
      ({ confidence, rows: n, right }) => `  ${confidence.toFixed(2)}: ${right} of ${n}, ${share(right, n)}`,
    ),
  ].join('\n');
  return { agreement, readPrecision, misses, calibration, text };
}

function isRight(row: Labelled, category: Category): boolean {
  if (row.label === 'changes') return category !== 'Read';
  return row.label === category || (row.also ?? []).includes(category);
}

/** Calling something dangerous Read is worst, and worse the more dangerous it is; too much care is the smallest error. */
function badness<Row extends Labelled>({ row, risk }: Scored<Row>): number {
  const meant = row.label === 'changes' ? 1 : (RANK[row.label as Category] ?? 1);
  const given = RANK[risk.category];
  return given === 0 ? 100 + meant : meant > given ? 50 + meant - given : meant - given;
}
