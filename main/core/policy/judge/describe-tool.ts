import type { ActionName } from '../../../../shared/schemas/common.ts';
import type { SimpleLimit } from '../../../../shared/schemas/server.ts';
import { explained } from '../../../../shared/text/core/policy.ts';
import type { CompiledPolicy } from '../language/compile.ts';
import { entrySentence, simpleLimit } from '../language/explain.ts';
import { applicable } from './applicable.ts';

/** What the table of tools shows of a tool before arguments are looked at: the document without overlays. */
export function describeTool(
  policy: CompiledPolicy,
  tool: string,
): { action: ActionName; rule: string; explain: string; limit: SimpleLimit | null; hasMoreRules: boolean } {
  const { hidden, entry, fallback, checks } = applicable(policy, '', tool);
  const plain = entry?.limits.findIndex((limit) => simpleLimit(limit) !== null) ?? -1;
  const plainLimit = plain < 0 ? undefined : entry?.limits[plain];
  const limit = plainLimit === undefined ? null : simpleLimit(plainLimit);
  const hasMoreRules =
    entry !== null &&
    entry.denyIf.length +
      entry.require.length +
      entry.askIf.length +
      entry.allowIf.length +
      entry.limits.length >
      (limit === null ? 0 : 1);
  const rest = { limit, hasMoreRules };
  if (hidden !== null)
    return {
      action: 'hide',
      rule: hidden.pointer,
      explain: explained.hiddenBy(tool, hidden.pattern),
      ...rest,
    };
  if (entry !== null && (entry.action === 'hide' || entry.action === 'deny'))
    return { action: entry.action, rule: entry.pointer, explain: entrySentence(entry, tool), ...rest };
  const explain = entry === null ? explained.unnamed(tool, fallback.action) : entrySentence(entry, tool);
  if (entry === null && fallback.action === 'deny')
    return { action: 'deny', rule: fallback.pointer, explain, ...rest };
  const denied = checks.flatMap((c) => c.denyIf).find((rule) => rule.conditions.length === 0);
  if (denied !== undefined) return { action: 'deny', rule: denied.pointer, explain, ...rest };
  const never = entry?.allowIf.find((rule) => rule.conditions.length === 0);
  const asking = never === undefined ? checks : checks.filter((c) => c !== entry);
  const asked = asking.flatMap((c) => c.askIf).find((rule) => rule.conditions.length === 0);
  const own = entry?.action ?? fallback.action;
  const action = never !== undefined && own === 'ask' ? 'allow' : own;
  if (asked !== undefined && action === 'allow')
    return { action: 'ask', rule: asked.pointer, explain, ...rest };
  return { action, rule: entry?.pointer ?? fallback.pointer, explain, ...rest };
}
