import { applicable } from '../judge/applicable.ts';
import type { CompiledPolicy } from '../language/compile.ts';
import type { Step } from '../language/path.ts';

/** Whether a policy judges a call by arguments that are hidden in its record. */
export function looksAt(
  policy: CompiledPolicy,
  call: { readonly clientId: string; readonly tool: string },
  hidden: (steps: readonly Step[]) => boolean,
): boolean {
  const which = applicable(policy, call.clientId, call.tool);
  const { entry } = which;
  if (which.hidden !== null || entry?.action === 'deny' || entry?.action === 'hide') return false;
  if (entry === null && which.fallback.action === 'deny') return false;
  const rules = [
    ...which.checks.flatMap(({ denyIf, askIf }) => [...denyIf, ...askIf]),
    ...(entry?.allowIf ?? []),
  ];
  const conditions = [
    ...which.checks.flatMap(({ require }) => require),
    ...rules.flatMap((rule) => rule.conditions),
  ];
  return (
    conditions.some(({ steps }) => hidden(steps)) ||
    which.checks.some(({ limits }) =>
      limits.some(({ increment }) => typeof increment !== 'bigint' && hidden(increment.steps)),
    )
  );
}
