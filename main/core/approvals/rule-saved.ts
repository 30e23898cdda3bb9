import { RpcError } from '../../../shared/rpc/frames.ts';

/** "Always" was answered and its rule is in the policy, but the call it was about does not run for it. */
export class RuleSaved extends RpcError {
  /** The rule in words. */
  readonly rule: string;

  constructor(rule: string, { code, message, fix }: Pick<RpcError, 'code' | 'message' | 'fix'>) {
    super(code, message, fix);
    this.rule = rule;
  }
}
