import type { CallRecord } from '../../audit/types.ts';
import { spanAt } from '../../codec/index.ts';
import type { CodecFault, RpcMessage } from '../../codec/types.ts';
import { GATEWAY_RULES } from './gateway-rules.ts';
import type { Task } from './task.ts';

/** Whose request it is: the same in every record of a session. */
export interface Caller {
  readonly clientId: string;
  readonly clientName: string;
  readonly server: string;
  readonly session: string;
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
    ...GATEWAY_RULES.pass,
    method: String(message.method).slice(0, 200),
    policyVersion: '-',
    decision: 'pass',
  };
}

/** A request about the task that a call became: it belongs to that call. */
export function taskRecord(caller: Caller, message: RpcMessage, { seq, facts }: Task): CallRecord {
  const answers = spanAt(message.raw, ['params', 'inputResponses']);
  return {
    ...passRecord(caller, message),
    ...GATEWAY_RULES.task(seq),
    tool: facts.tool,
    definitionHash: facts.definition?.hash ?? null,
    category: facts.definition?.risk.category ?? null,
    severity: facts.definition?.risk.severity ?? null,
    argumentsText: answers ? message.raw.toString('utf8', answers.start, answers.end) : null,
  };
}

/** Something that could not be read without doubt: it was not forwarded. */
export function faultRecord(caller: Caller, fault: CodecFault): CallRecord {
  return {
    ...caller,
    ...NOTHING,
    ...GATEWAY_RULES.unreadable(fault.message.slice(0, 500)),
    method: 'unreadable',
    policyVersion: '-',
    decision: 'deny',
  };
}
