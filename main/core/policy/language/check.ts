import type { PolicyProblem } from '../types.ts';
import type { CompiledPolicy, PolicyWarning } from './compile.ts';
import { explainPolicy } from './explain.ts';
import { parsePolicy } from './parse.ts';
import { type ListedTool, unknownArguments } from './unknown-arguments.ts';

export interface PolicyCheck {
  readonly ok: boolean;
  readonly problems: PolicyProblem[];
  readonly warnings: PolicyWarning[];
  /** What the document does, one sentence a rule. Empty when it has problems. */
  readonly sentences: string[];
}

/**
 * Checks a document without putting it in force: the answer of `policy.check`.
 * @param tools that the server lists: rules about arguments which none of them has are warned of
 */
export function checkPolicy(text: string, tools: readonly ListedTool[] = []): PolicyCheck {
  const parsed = parsePolicy(text);
  if (!parsed.ok) return { ok: false, problems: parsed.problems, warnings: [], sentences: [] };
  return {
    ok: true,
    problems: [],
    warnings: [...parsed.warnings, ...unknownArguments(parsed.policy, tools)],
    sentences: explainPolicy(parsed.policy),
  };
}

/** What applies when a server's policy file is broken and no good version of it was ever kept: everything is denied. */
export function denyEverything(): CompiledPolicy {
  const parsed = parsePolicy('{ "version": "1", "default": "deny" }');
  if (!parsed.ok) throw new Error('the policy that denies everything must parse');
  return parsed.policy;
}
