import type { ActivityDetail, ActivityRow } from '../../../shared/schemas/audit.ts';
import { redactJson, redactText } from './redact.ts';
import type { CallRecord, OutcomeRecord } from './types.ts';

const seen = new Map<string, string>();
const MAX_SEEN = 1000;

/** Names, rules and reasons: the same few texts in record after record, so each is looked through once. */
function redactOnce(text: string): string {
  const known = seen.get(text);
  if (known !== undefined) return known;
  const clean = redactText(text);
  if (text.length > 500) return clean;
  if (seen.size >= MAX_SEEN) seen.clear();
  seen.set(text, clean);
  return clean;
}

/** What is stored of a call: all of it, redacted. Nothing else of it may reach the disk, the index included. */
export function redactRecord(record: CallRecord): CallRecord {
  return {
    clientId: record.clientId,
    clientName: record.clientName,
    server: record.server,
    session: record.session,
    method: redactOnce(record.method),
    tool: record.tool === null ? null : redactOnce(record.tool),
    definitionHash: record.definitionHash,
    policyVersion: record.policyVersion,
    rule: redactOnce(record.rule),
    reason: redactOnce(record.reason),
    category: record.category,
    severity: record.severity,
    decision: record.decision,
    would: record.would,
    argumentsDigest: record.argumentsDigest,
    argumentsText: record.argumentsText === null ? null : redactJson(record.argumentsText),
    approvedBy: record.approvedBy,
    heldMs: record.heldMs,
  };
}

/** What is stored of an outcome. `durationMs` is null when nobody saw the call end. */
export interface OutcomeBody extends Omit<OutcomeRecord, 'durationMs'> {
  /** The call's number. */
  readonly call: number;
  readonly durationMs: number | null;
}

export function outcomeBody(call: number, outcome: OutcomeRecord): string {
  const body: OutcomeBody = {
    call,
    status: outcome.status,
    durationMs: outcome.durationMs,
    resultDigest: outcome.resultDigest,
    resultBytes: outcome.resultBytes,
    error: outcome.error === null ? null : redactText(outcome.error),
  };
  return JSON.stringify(body);
}

/** The outcome of a call that was running when the process ended. */
export function lostBody(call: number): string {
  const body: OutcomeBody = {
    call,
    status: 'lost',
    durationMs: null,
    resultDigest: null,
    resultBytes: null,
    error: 'Drawbridge ended before it recorded the answer. The server may have run the call.',
  };
  return JSON.stringify(body);
}

export function noteBody(event: string, detail: Record<string, unknown>): string {
  return `{"event":${JSON.stringify(event)},"detail":${redactJson(JSON.stringify(detail))}}`;
}

/** Reads back what this program wrote. Undefined for text that is not JSON any more: the file was changed by something else. */
export function readBody<T>(body: string): T | undefined {
  try {
    return JSON.parse(body) as T;
  } catch {
    return undefined;
  }
}

/** A stored call; one that was made unreadable still has its line in the list, which says so. */
export function readCall(body: string): CallRecord {
  return readBody<CallRecord>(body) ?? UNREADABLE;
}
const UNREADABLE: CallRecord = {
  clientId: 'unreadable',
  clientName: 'unreadable',
  server: 'unreadable',
  session: '',
  method: 'tools/call',
  tool: null,
  definitionHash: null,
  policyVersion: '',
  rule: 'audit:damaged',
  reason: 'This record was changed on disk and cannot be read. Run "drawbridge audit verify".',
  category: null,
  severity: null,
  decision: 'pass',
  would: null,
  argumentsDigest: null,
  argumentsText: null,
  approvedBy: null,
  heldMs: null,
};

export function activityRow(
  seq: number,
  at: number,
  call: CallRecord,
  outcome: OutcomeBody | undefined,
): ActivityRow {
  return {
    seq,
    at,
    clientId: call.clientId,
    clientName: call.clientName,
    server: call.server,
    method: call.method,
    tool: call.tool,
    category: call.category,
    severity: call.severity,
    decision: call.decision,
    would: call.would,
    rule: call.rule,
    reason: call.reason,
    status: outcome?.status ?? 'running',
    durationMs: outcome?.durationMs ?? null,
    heldMs: call.heldMs,
    resultBytes: outcome?.resultBytes ?? null,
    error: outcome?.error ?? null,
  };
}

export function activityDetail(
  seq: number,
  at: number,
  call: CallRecord,
  outcome: OutcomeBody | undefined,
): ActivityDetail {
  return {
    ...activityRow(seq, at, call, outcome),
    session: call.session,
    definitionHash: call.definitionHash,
    policyVersion: call.policyVersion,
    argumentsDigest: call.argumentsDigest,
    argumentsText: call.argumentsText,
    approvedBy: call.approvedBy,
    resultDigest: outcome?.resultDigest ?? null,
  };
}
