import type { PolicyRule } from '../../../../shared/schemas/policy.ts';
import type { RuleEffect } from '../../../../shared/schemas/rule.ts';
import type { PastCall } from '../../audit/types.ts';
import { compile, type Rule } from '../language/compile.ts';
import { evaluate } from '../language/conditions.ts';
import { pastArguments } from './past-arguments.ts';

/** Of recorded calls, those that a rule for one tool (and one client) speaks of. */
export function countMatches(
  rule: PolicyRule,
  effect: RuleEffect,
  of: { readonly tool: string; readonly clientId: string | null },
  history: readonly PastCall[],
): { matched: number; unclear: number; of: number } {
  const compiled = compiledRule(rule);
  let matched = 0;
  let unclear = 0;
  for (const call of history) {
    if (call.tool !== of.tool || (of.clientId !== null && call.clientId !== of.clientId)) continue;
    const speaks = speaksOf(compiled, effect, call);
    if (speaks === 'yes') matched += 1;
    else if (speaks === 'unclear') unclear += 1;
  }
  return { matched, unclear, of: history.length };
}

/** The rule's conditions, made by the compiler that makes them for real. */
function compiledRule(rule: PolicyRule): Rule {
  const { policy } = compile({ version: '1', tools: { tool: { action: 'ask', allow_if: [rule] } } });
  const made = policy.base.exact.get('tool')?.allowIf[0];
  if (made === undefined) throw new Error('a rule of one entry must compile to one rule');
  return made;
}

function speaksOf(rule: Rule, effect: RuleEffect, call: PastCall): 'yes' | 'no' | 'unclear' {
  const { args, hidden } = pastArguments(call);
  let unclear = false;
  for (const condition of rule.conditions) {
    if (hidden(condition.steps)) {
      unclear = true;
      continue;
    }
    // What cannot be judged does not lift a question, and does not escape a denial.
    const { truth } = evaluate(condition, args, effect === 'allow' ? 'every' : 'any');
    if (truth === 'no' || (truth === 'unfit' && effect === 'allow')) return 'no';
  }
  return unclear ? 'unclear' : 'yes';
}
