import type { Category } from '../../../shared/schemas/common.ts';

/** One hint at a category, with the words it rests on. */
export interface Signal {
  readonly category: Category;
  /** Gives way to any clear signal. */
  readonly weak: boolean;
  readonly reason: string;
}

export const RANK: Readonly<Record<Category, number>> = {
  Read: 0,
  Write: 1,
  Execute: 2,
  Destructive: 3,
  Financial: 4,
};

/** The more severe of two categories. */
export function moreSevere(a: Category, b: Category): Category {
  return RANK[a] >= RANK[b] ? a : b;
}
