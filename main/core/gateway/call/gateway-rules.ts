import { reasons } from '../../../../shared/text/model.ts';

/** What decided, and why, where no policy did: as the record and the answer name it. */
export interface GatewayRule {
  readonly rule: string;
  readonly reason: string;
}

/** Every decision of the gateway itself. Their words are in `shared/text/model.ts`. */
export const GATEWAY_RULES = {
  /** Its record could not be written. */
  unrecorded: { rule: 'gateway:audit', reason: reasons.unrecorded },
  /** Its server does not list the tool. */
  unlisted: { rule: 'gateway:unlisted', reason: reasons.unlisted },
  /** The list of tools could not be read, so that nothing is known about the tool. */
  unlistable: (server: string, why: string): GatewayRule => ({
    rule: 'gateway:unlisted',
    reason: reasons.unlistable(server, why),
  }),
  /** Too many calls of the client wait for a person. */
  overflow: { rule: 'approval:overflow', reason: reasons.overflow },
  /** The client went away while a person was asked. */
  hungUp: { rule: 'gateway:hung-up', reason: reasons.hungUp },
  /** The server wants a person to sign in. */
  signIn: (why: string): GatewayRule => ({ rule: 'gateway:signin', reason: why }),
  /** The server cannot be asked which revision it speaks. */
  unreachable: (why: string): GatewayRule => ({ rule: 'gateway:unreachable', reason: why }),
  /** Headers contradict the arguments that they repeat (MCP 2026-07-28, transports, server validation). */
  headers: (why: string): GatewayRule => ({ rule: 'gateway:headers', reason: why }),
  /** Not a call: nothing judges it. */
  pass: { rule: 'gateway:pass', reason: reasons.notJudged },
  /** About the task that a call became. `seq` is the number of the call's record. */
  task: (seq: number | undefined): GatewayRule => ({ rule: 'gateway:task', reason: reasons.task(seq) }),
  /** It could not be read in exactly one way. */
  unreadable: (why: string): GatewayRule => ({ rule: 'gateway:unreadable', reason: why }),
} as const;

/** Rules of the policy that the gateway treats in a way of their own (`main/core/policy/judge`). */
export const POLICY_RULES = { raised: 'mode:raised', paused: 'client:paused' } as const;
