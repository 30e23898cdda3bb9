import type { OutcomeBody } from './rows.ts';
import type { CallRecord } from './types.ts';

/** A recorded call as a line of the export. `outcome` is undefined while it runs. */
export interface ExportedCall {
  readonly call: CallRecord;
  readonly outcome: OutcomeBody | undefined;
}
/** A note of the record: what happened, and its detail as JSON text. */
export interface ExportedNote {
  readonly event: string;
  readonly detail: string;
}
type Cell = string | number | null | undefined;
export interface ExportColumn {
  readonly name: string;
  readonly ofCall: (line: ExportedCall) => Cell;
  /** Without it the cell of a note is empty. */
  readonly ofNote?: (note: ExportedNote) => Cell;
}

/** A column that shows a member of the call's record. */
function recorded(name: keyof CallRecord & string): ExportColumn {
  return { name, ofCall: ({ call }) => call[name] };
}
/** A column that shows a member of the call's outcome. */
function ended(name: keyof OutcomeBody & string): ExportColumn {
  return { name, ofCall: ({ outcome }) => outcome?.[name] };
}

/**
 * The columns of the export for spreadsheets, behind `seq`, `kind` and `at`. A new one is a line here; what it shows must
 * be in the record already (docs/audit.md). The export as JSON lines holds the whole record and has no columns.
 */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  recorded('clientId'),
  recorded('clientName'),
  recorded('server'),
  recorded('session'),
  { ...recorded('method'), ofNote: ({ event }) => event },
  recorded('tool'),
  recorded('category'),
  recorded('severity'),
  recorded('decision'),
  recorded('would'),
  recorded('rule'),
  { ...recorded('reason'), ofNote: ({ detail }) => detail },
  recorded('approvedBy'),
  recorded('heldMs'),
  { name: 'status', ofCall: ({ outcome }) => outcome?.status ?? 'running' },
  ended('durationMs'),
  ended('resultBytes'),
  ended('error'),
  recorded('definitionHash'),
  recorded('policyVersion'),
  recorded('argumentsDigest'),
  recorded('argumentsText'),
  ended('resultDigest'),
];
