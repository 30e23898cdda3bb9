import type { RuleEffect, RuleField } from '../../../../shared/schemas/rule.ts';
import type { PastCall } from '../../audit/types.ts';
import type { Json } from '../../codec/types.ts';

/** The call that a rule is made from, and what the rule shall do. */
export interface DraftInput {
  readonly server: string;
  readonly tool: string;
  /** Who made the call. */
  readonly caller: { readonly id: string; readonly name: string };
  /** The rule is for every client, not only for the caller. */
  readonly everyClient: boolean;
  /** Raw JSON text of the arguments. */
  readonly argumentsText: string;
  readonly effect: RuleEffect;
  /** Without them, what is suggested. */
  readonly fields?: readonly RuleField[] | undefined;
  /** The document in force. */
  readonly text: string;
  /** The rule that judged the call, as the verdict or the record names it. */
  readonly rule: string;
  /** The tool's `inputSchema`, where the definition is known. */
  readonly inputSchema?: Json | undefined;
  /** The last calls of the server (`audit.history`), which the rule is tried on. */
  readonly history: readonly PastCall[];
  /** Set when the arguments come from a record that was redacted: then only what can be seen may be compared. */
  readonly redacted?: boolean | undefined;
}
