import type { Decision } from '../../../../shared/schemas/audit.ts';
import type { CallRecord } from '../../audit/types.ts';
import { spanAt } from '../../codec/index.ts';
import type { CodecFault, RpcMessage } from '../../codec/types.ts';
import type { Verdict } from '../../policy/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { Task } from '../modern/tasks.ts';
import { editSentence } from './edited.ts';
import type { Pending } from './pending.ts';

/** Whose call it is: the same in every record of a session. */
export interface Caller {
  readonly clientId: string;
  readonly clientName: string;
  readonly server: string;
  readonly session: string;
}

/** How a call that was judged came out. */
export interface Judged {
  readonly decision: Decision;
  readonly rule?: string;
  readonly reason?: string;
  readonly approvedBy?: string | null;
  readonly heldMs?: number | null;
}

export function callRecord(
  caller: Caller,
  pending: Pending,
  definition: ToolEntry | undefined,
  verdict: Verdict,
  judged: Judged,
): CallRecord {
  const { call } = pending;
  return {
    clientId: caller.clientId,
    clientName: caller.clientName,
    server: caller.server,
    session: caller.session,
    method: 'tools/call',
    tool: call.name,
    definitionHash: definition?.hash ?? null,
    policyVersion: verdict.policyVersion,
    rule: judged.rule ?? verdict.rule,
    reason: (judged.reason ?? verdict.reason) + goesOn(pending) + changed(pending),
    category: definition?.risk.category ?? null,
    severity: definition?.risk.severity ?? null,
    decision: judged.decision,
    would: verdict.would?.decision ?? null,
    argumentsDigest: call.argumentsDigest(),
    argumentsText: call.argumentsText(),
    approvedBy: judged.approvedBy ?? null,
    heldMs: judged.heldMs ?? null,
  };
}

function goesOn({ follows }: Pending): string {
  return follows === undefined ? '' : ` It goes on with the call of record ${follows}.`;
}

function changed({ edit, call }: Pending): string {
  return edit ? editSentence(edit, call) : '';
}

const NOTHING = {
  tool: null,
  definitionHash: null,
  category: null,
  severity: null,
  would: null,
  argumentsDigest: null,
  argumentsText: null,
  approvedBy: null,
  heldMs: null,
} as const;

/** A request that no policy speaks of. */
export function passRecord(caller: Caller, message: RpcMessage): CallRecord {
  return {
    ...caller,
    ...NOTHING,
    method: String(message.method).slice(0, 200),
    policyVersion: '-',
    rule: 'gateway:pass',
    reason: 'Only tool calls are judged; this was forwarded.',
    decision: 'pass',
  };
}

/** A request about the task that a call became: it belongs to that call. */
export function taskRecord(caller: Caller, message: RpcMessage, { seq, facts }: Task): CallRecord {
  const record = passRecord(caller, message);
  const answers = spanAt(message.raw, ['params', 'inputResponses']);
  const of = seq === undefined ? 'a call' : `the call of record ${seq}`;
  return {
    ...record,
    tool: facts.tool,
    definitionHash: facts.definition?.hash ?? null,
    category: facts.definition?.risk.category ?? null,
    severity: facts.definition?.risk.severity ?? null,
    rule: 'gateway:task',
    reason: `This concerns the task of ${of}.`,
    argumentsText: answers ? message.raw.toString('utf8', answers.start, answers.end) : null,
  };
}

/** Something that could not be read without doubt: it was not forwarded. */
export function faultRecord(caller: Caller, fault: CodecFault): CallRecord {
  return {
    ...caller,
    ...NOTHING,
    method: 'unreadable',
    policyVersion: '-',
    rule: 'gateway:unreadable',
    reason: fault.message.slice(0, 500),
    decision: 'deny',
  };
}
