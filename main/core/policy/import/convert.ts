import type {
  PolicyAllTools,
  PolicyCondition,
  PolicyDocument,
  PolicyEntry,
  PolicyLimit,
  PolicyRule,
} from '../../../../shared/schemas/policy.ts';
import { requirement } from './arguments.ts';
import { CounterTable } from './counters.ts';
import type { ForeignPolicy, ForeignRule, ForeignTool } from './foreign.ts';
import type { Report } from './report.ts';

const MAX_SENTENCE = 500;
const MAX_COUNTER = 200;

/**
 * Our document with the meaning of a foreign one. There, every rule of a tool and of "*" must hold: conditions on arguments
 * become `require`, counters become `limits`, and what nothing can fulfil becomes an unconditional `deny_if`.
 */
export function convert(policy: ForeignPolicy, report: Report): PolicyDocument {
  const counters = new CounterTable(policy);
  if (policy.description !== null)
    report.change(policy.description, 'The description is left out: a policy here has no place for one.');
  const tools: Record<string, PolicyEntry> = {};
  let allTools: PolicyAllTools | undefined;
  for (const tool of policy.tools) {
    if (tool.name === '*') allTools = checksOf(tool, counters, report);
    else if (tool.name.includes('*'))
      report.change(
        tool.at,
        `"${tool.name}" is left out: the original knows no patterns, so this entry is only about a tool of exactly that name. Here it would be a pattern. Write it into the document if you mean one.`,
      );
    else tools[tool.name] = entryOf(tool, counters, report);
  }
  const hide: string[] = [];
  for (const { name, at } of policy.hide) {
    if (name === '*' || !name.includes('*')) hide.push(name);
    else
      report.change(
        at,
        `"${name}" is left out of hide: the original knows no patterns but "*", so it hides only a tool of exactly that name. Here it would be a pattern.`,
      );
  }
  return {
    version: '1',
    default: policy.default,
    ...(hide.length === 0 ? {} : { hide }),
    ...(allTools === undefined || Object.keys(allTools).length === 0 ? {} : { all_tools: allTools }),
    tools,
  };
}

function entryOf(tool: ForeignTool, counters: CounterTable, report: Report): PolicyEntry {
  const denied = tool.rules.find(({ deny }) => deny);
  if (denied === undefined) return checksOf(tool, counters, report);
  for (const rule of tool.rules)
    if (rule !== denied)
      report.change(
        rule.at,
        `This rule is left out: every call of ${tool.name} is denied by "${denied.name}" anyway.`,
      );
  return { action: 'deny', reason: messageOf(denied, report) };
}

function checksOf(tool: ForeignTool, counters: CounterTable, report: Report): PolicyAllTools {
  const require: PolicyCondition[] = [];
  const never: PolicyRule[] = [];
  const limits: PolicyLimit[] = [];
  for (const rule of tool.rules) {
    const message = messageOf(rule, report);
    const block = { ...named(rule), conditions: [], on_deny: message };
    if (rule.deny) {
      never.push(block);
      continue;
    }
    for (const condition of rule.conditions) {
      const made = condition.path.startsWith('state.')
        ? counters.bound(condition, { rule, tool: tool.name, message, report })
        : requirement(condition, message, report);
      if (made === 'never') never.push(block);
      else if (typeof made === 'string') continue;
      else if ('require' in made) require.push(made.require);
      else if ('denyIf' in made) never.push({ ...named(rule), ...made.denyIf });
      else if ((made.limit.counter ?? '').length <= MAX_COUNTER) limits.push(made.limit);
      else
        report.problem(
          condition.at,
          `the name of a counter may have at most ${MAX_COUNTER} characters here.`,
        );
    }
  }
  return {
    ...(never.length === 0 ? {} : { deny_if: never }),
    ...(require.length === 0 ? {} : { require }),
    ...(limits.length === 0 ? {} : { limits }),
  };
}

const named = ({ name }: ForeignRule) => (name === '' ? {} : { name });

/** What the agent is told; without words of its own, what the original says. */
function messageOf(rule: ForeignRule, report: Report): string {
  const text = rule.onDeny ?? `Denied by rule "${rule.name}"`;
  if (text.length <= MAX_SENTENCE) return text;
  report.change(rule.at, `The message is cut to ${MAX_SENTENCE} characters.`);
  return `${text.slice(0, MAX_SENTENCE - 1)}…`;
}
