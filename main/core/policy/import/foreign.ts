import type { Json } from '../../codec/types.ts';
import type { Place } from './yaml-tree.ts';

/** A policy file of the open-source YAML form, read and found to be in order. */
export interface ForeignPolicy {
  readonly description: Place | null;
  readonly default: 'allow' | 'deny';
  readonly hide: readonly { readonly name: string; readonly at: Place }[];
  /** The entry "*" is among them. */
  readonly tools: readonly ForeignTool[];
}
export interface ForeignTool {
  readonly name: string;
  readonly at: Place;
  readonly rules: readonly ForeignRule[];
}
/** `rate_limit` is written out already, as the original does it: a condition on a counter, and the counter. */
export interface ForeignRule {
  readonly name: string;
  readonly at: Place;
  readonly deny: boolean;
  readonly conditions: readonly ForeignCondition[];
  /** What the agent is told; null: the original's own sentence. */
  readonly onDeny: string | null;
  readonly state: ForeignState | null;
}
export interface ForeignCondition {
  readonly path: string;
  readonly op: ForeignOperator;
  readonly value: Json;
  readonly at: Place;
}
export interface ForeignState {
  readonly counter: string;
  readonly window: ForeignWindow;
  readonly increment: number;
  /** Path of an argument without `args.`; null: `increment` is added. */
  readonly incrementFrom: string | null;
  readonly at: Place;
}

export const OPERATORS = [
  'eq',
  'neq',
  'in',
  'not_in',
  'lt',
  'lte',
  'gt',
  'gte',
  'regex',
  'contains',
  'exists',
] as const;
export type ForeignOperator = (typeof OPERATORS)[number];
export const WINDOWS = ['minute', 'hour', 'day'] as const;
export type ForeignWindow = (typeof WINDOWS)[number];

/** The counters of the entry "*" are called `state._global.…`. */
export function scopeOf(tool: string): string {
  return tool === '*' ? '_global' : tool;
}
