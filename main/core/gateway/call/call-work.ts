import type { ToolCall } from '../../codec/types.ts';
import type { CallFacts } from '../../policy/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { EraRules } from './era-rules.ts';
import type { Pending } from './pending.ts';

/** One tools/call on its way through the gateway: what the steps need of it, and leave for each other. */
export interface CallWork {
  readonly era: EraRules;
  readonly pending: Pending;
  /** The tool as its server lists it, once it was looked up. */
  readonly definition: ToolEntry | undefined;
  /** How long a person was asked, ms; null when nobody was. */
  heldMs: number | null;
  /** Told the number of each record that is written of it. */
  recorded: ((seq: number) => void) | undefined;
  /** What is judged now. @param call with other arguments than its own */
  facts(call?: ToolCall): CallFacts;
}
