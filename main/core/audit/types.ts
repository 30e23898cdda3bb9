import type {
  ActivityDetail,
  ActivityQuery,
  ActivityRow,
  AuditVerdict,
  CallStatus,
  Decision,
} from '../../../shared/schemas/audit.ts';
import type { Category, Severity } from '../../../shared/schemas/common.ts';

/** Written before anything is forwarded. */
export interface CallRecord {
  readonly clientId: string;
  readonly clientName: string;
  readonly server: string;
  readonly session: string;
  readonly method: string;
  readonly tool: string | null;
  readonly definitionHash: string | null;
  readonly policyVersion: string;
  readonly rule: string;
  readonly reason: string;
  readonly category: Category | null;
  readonly severity: Severity | null;
  readonly decision: Decision;
  readonly would: Decision | null;
  readonly argumentsDigest: string | null;
  /** Raw JSON text; the audit redacts it before anything is stored. */
  readonly argumentsText: string | null;
  readonly approvedBy: string | null;
  readonly heldMs: number | null;
}
/** Written when the call ended, as a record of its own. */
export interface OutcomeRecord {
  readonly status: Exclude<CallStatus, 'running'>;
  readonly durationMs: number;
  readonly resultDigest: string | null;
  readonly resultBytes: number | null;
  readonly error: string | null;
}

/** A recorded call, to be judged once more. */
export interface PastCall {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly clientId: string;
  readonly clientName: string;
  readonly server: string;
  readonly session: string;
  readonly tool: string;
  /** As recorded: parts may have been redacted. */
  readonly argumentsText: string | null;
  readonly argumentsDigest: string | null;
  readonly redacted: boolean;
  readonly definitionHash: string | null;
  readonly decision: Decision;
  readonly would: Decision | null;
}

export interface AuditLog {
  /** Appends the record and gives its sequence number. Throws when it cannot be written: then there is no call. */
  begin(record: CallRecord): number;
  /**
   * The same for a call that waits for its record: all that come in one turn of the event loop are written in one commit at
   * the turn's end. `then` is told once the record is on the disk, or why it is not: then there is no call, and the number
   * given before stands for nothing. @throws when the audit is closed
   */
  beginSoon(record: CallRecord, then: (failed: Error | undefined) => void): number;
  finish(seq: number, outcome: OutcomeRecord): void;
  /** Other events worth a line: mode changes, policy edits, client edits, pruning. */
  note(event: string, detail: Record<string, unknown>): void;
  page(query: ActivityQuery): ActivityRow[];
  detail(seq: number): ActivityDetail | undefined;
  /** The last judged calls of a server, or of one of its tools, newest first. Rows of retries of one approval count once. */
  history(query: { server: string; tool?: string; limit: number }): PastCall[];
  exportPage(format: 'jsonl' | 'csv', after: number): { text: string; next: number | null };
  verify(): AuditVerdict;
  /** Counts since local midnight, by tool for one server or in all. */
  today(): { calls: number; denied: number; asked: number };
  toolUse(server: string): Map<string, { lastCallAt: number; callsToday: number }>;
  lastCallAt(server: string): number | null;
  onAppend(listener: (seq: number) => void): void;
  close(): void;
}
