import type { ActionName, Risk } from '../../../shared/schemas/common.ts';
import type { PolicyState, SimpleLimit } from '../../../shared/schemas/server.ts';
import type { JsonObject } from '../codec/types.ts';

/** A definition that may not be used before a person has looked at it. */
export interface DefinitionBlock {
  /** `pin:changed`, `pin:hidden-text` or `pin:quarantine`. */
  readonly rule: string;
  /** One sentence for the agent and the audit. */
  readonly reason: string;
}

/** What is known about one call when it is judged. */
export interface CallFacts {
  readonly clientId: string;
  readonly server: string;
  /** The gateway's own session id. */
  readonly session: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly argsDigest: string;
  /** The tool as the upstream lists it; undefined when it does not list it (then it is unknown). */
  readonly definition:
    | { readonly hash: string; readonly risk: Risk; readonly block?: DefinitionBlock | undefined }
    | undefined;
}

/** A judgement. Every one names its rule and can be read aloud. */
export interface Verdict {
  readonly decision: 'allow' | 'ask' | 'deny' | 'hide';
  /** JSON pointer into the policy document (`/tools/pay/deny_if/0`), or `mode:raised`, `gateway:unlisted`, … */
  readonly rule: string;
  /** One sentence: what the rule says about this call. */
  readonly reason: string;
  /** Changes whenever anything that could change the judgement does. Tickets are bound to it. */
  readonly policyVersion: string;
  /** For limits: when the call would be free again, ms since the epoch. */
  readonly freeAt?: number;
  /** Of `ask`: the paths into the arguments that the rule looked at (`args.to`), as it writes them. */
  readonly fields?: readonly string[];
  /** Of `deny`: the rule looked at the arguments, so that a call with others may be allowed. */
  readonly byArguments?: boolean;
  /** Under observe or bypass (`decision` is then allow): what enforcing would have said. */
  readonly would?: {
    readonly decision: 'ask' | 'deny' | 'hide';
    readonly rule: string;
    readonly reason: string;
  };
}

/** Counters taken for a call about to be forwarded. */
export interface Reservation {
  /** Gives them back; only for a call that the upstream certainly never received. */
  release(): void;
}

export interface PolicyEngine {
  /**
   * Judges without taking anything from counters. Never throws: what cannot be judged is denied. `approved`: a person has
   * just allowed this very call, and saw how often it was made; then the loop guard asks where it would deny.
   */
  judge(facts: CallFacts, approved?: boolean): Verdict;
  /**
   * Takes the counters of an allowed call, all or none. `approved` skips `ask`, never deny, require or limits.
   * Gives a denying (or asking) verdict when a limit was used up meanwhile.
   */
  reserve(
    facts: CallFacts,
    approved: boolean,
  ): { ok: true; verdict: Verdict; reservation: Reservation } | { ok: false; verdict: Verdict };
  /**
   * Whether this client sees the tool in lists: hidden ones are left out where hiding is enforced, and definitions that
   * wait for review wherever their calls are denied.
   */
  lists(clientId: string, server: string, tool: string, block?: DefinitionBlock): boolean;
  /** What the table of tools shows, before arguments are looked at. */
  describe(
    server: string,
    tool: string,
    risk: Risk,
  ): { action: ActionName; rule: string; explain: string; limit: SimpleLimit | null; hasMoreRules: boolean };
}

export interface PolicyProblem {
  readonly path: string;
  readonly message: string;
  readonly suggestion: string | null;
}

/** The policy documents on disk: `<data>/policies/<server>.json`, hot-reloaded. */
export interface PolicyStore {
  text(server: string): string;
  state(server: string): PolicyState;
  /** Strictly parses and saves atomically; throws RpcError('bad_input') with path and suggestion. */
  set(server: string, text: string): Promise<PolicyState>;
  onChange(listener: (server: string) => void): void;
  stop(): void;
}
