import type { Category } from '../../../../shared/schemas/common.ts';
import type { Parameter } from '../schema.ts';

/** What is known of a tool when its flags are looked for. */
export interface FlagFacts {
  readonly category: Category;
  /** Words of the name, without the server's. */
  readonly tokens: readonly string[];
  readonly server: string;
  readonly description: string;
  /** The description's first sentence. */
  readonly sentence: string;
  readonly parameters: readonly Parameter[];
  readonly openWorld: boolean;
}
/** What the single checks look at. */
export interface Look extends FlagFacts {
  /** Name and first sentence, for whole-word search. */
  readonly text: string;
  readonly changes: boolean;
  /** Whether the name has one of these words. */
  has(words: string): boolean;
  /** The first argument whose name, in snake case, fits. */
  parameter(pattern: RegExp): Parameter | undefined;
}
