import { createTwoFilesPatch } from 'diff';
import type { JSONPath } from 'jsonc-parser';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { PolicyEntry, PolicyRule } from '../../../../shared/schemas/policy.ts';
import type { RuleDraft, RuleEffect } from '../../../../shared/schemas/rule.ts';
import type { JsonObject } from '../../codec/types.ts';
import { applicable } from '../judge/applicable.ts';
import { evaluate, type Judgement } from '../judge/evaluate.ts';
import { type CompiledPolicy, compile } from '../language/compile.ts';
import { evaluate as holds } from '../language/conditions.ts';
import { editJson } from '../language/json-edit.ts';
import { parsePolicy, problemText } from '../language/parse.ts';
import { conditionsOf, pathOf, type ReadField, readFields, suggestFields } from './fields.ts';
import { countMatches } from './matches.ts';
import { parseArguments, wasRedacted } from './past-arguments.ts';
import { type Place, placesFor } from './places.ts';
import type { DraftInput } from './types.ts';
import { ruleSentence } from './words.ts';

export type { DraftInput } from './types.ts';

/**
 * Makes a rule from one call: for this tool, from the caller or from every client, saying of each argument what the fields
 * say. The document with the rule in it is really judged on the call; when the outcome is not the effect, `refused` says why.
 * @throws RpcError `bad_input` when the document in force is not a policy or the arguments are not a JSON object
 */
export function draftRule(input: DraftInput): RuleDraft {
  const { server, tool, caller, effect, text } = input;
  const args = parseArguments(input.argumentsText);
  if (args === undefined)
    throw new RpcError(
      'bad_input',
      'The arguments of the call are not a JSON object, so no rule can compare them.',
    );
  const clientId = input.everyClient ? null : caller.id;
  const suggested = suggestFields(tool, args, input.inputSchema);
  const read = readFields(input.fields ?? suggested, args);
  const fields = read.ok ? read.fields : [];
  const rule: PolicyRule = { conditions: conditionsOf(fields, effect === 'allow') };
  const draft = {
    server,
    tool,
    clientId,
    effect,
    fields: read.ok
      ? fields.map(({ path, use, value }) => ({ path, use, value: JSON.stringify(value) }))
      : [...(input.fields ?? [])],
    canBegin: Object.entries(args)
      .filter(([, value]) => typeof value === 'string' && value !== '')
      .map(([key]) => pathOf(key)),
    sentence: ruleSentence({ effect, tool, clientName: input.everyClient ? null : caller.name, fields }),
    ...countMatches(rule, effect, { tool, clientId }, input.history),
  };
  const refuse = (refused: string): RuleDraft => ({ ...draft, text, diff: '', refused });
  if (!read.ok) return refuse(read.why);
  const wrong = unfit(input, fields, args);
  if (wrong !== undefined) return refuse(wrong);

  const before = policyOf(text);
  const now = judge(before, input, args);
  if (now.decision === effect) return refuse(`The policy says that already: ${now.reason}`);
  const changes = placesFor(before, server, tool, clientId).map((place) => ({
    place,
    entry: entryWith(place.entry, effect, rule, args),
  }));
  // Only a new base entry comes before a client's default; else what the rule does not change is left alone.
  const [base] = changes;
  const newBase = base !== undefined && !base.place.exists && base.entry !== base.place.entry;
  let made = text;
  for (const { place, entry } of changes)
    if (newBase || place.exists || entry !== place.entry) made = withEntry(made, place, entry, rule);
  const parsed = parsePolicy(made);
  if (!parsed.ok) return refuse(parsed.problems.map(problemText).join(' '));
  const after = judge(parsed.policy, input, args);
  if (after.decision !== effect)
    return refuse(`The rule would not have this effect, because ${after.rule} comes first: ${after.reason}`);
  return {
    ...draft,
    text: made,
    diff: createTwoFilesPatch('in force', 'with this rule', text, made),
    refused: null,
  };
}

/** Why no rule can be made of this call with these fields; undefined when one can. */
function unfit(input: DraftInput, fields: readonly ReadField[], args: JsonObject): string | undefined {
  const { tool, rule, effect } = input;
  if (tool === '' || tool === '__proto__' || tool.includes('*') || input.caller.id === '__proto__')
    return `A tool named "${tool}" cannot have an entry of its own. Write a pattern for it in the document.`;
  if (effect === 'allow' && NOT_OF_THE_ENTRY.test(rule))
    return `The rule ${rule} asks about every tool, so no rule for ${tool} alone can end it. Allow the call once, or change that rule.`;
  if (effect === 'allow' && OF_A_LIMIT.test(rule))
    return `${tool} is asked about because a limit (${rule}) is used up, and an exception does not lift limits. Allow the call once, or change the limit.`;
  if (input.redacted === true) {
    const unseen = fields.find(
      ({ key, use }) => use !== 'any' && Object.hasOwn(args, key) && wasRedacted(args[key] ?? null),
    );
    const names = Object.keys(args).find((key) => wasRedacted(key));
    if (unseen !== undefined || names !== undefined)
      return `${unseen?.path ?? 'The name of an argument'} was redacted in the record, so it cannot be compared. Choose that it may be anything, or make the rule while such a call waits.`;
  }
  return undefined;
}

/** Rules that ask whatever a tool's own entry says. */
const NOT_OF_THE_ENTRY = /^(guard|pin|gateway):|\/all_tools\//;
const OF_A_LIMIT = /\/(limits\/\d+|rate_limit)$/;

/** Writes an entry into the document's text and leaves every other byte as it is. */
function withEntry(
  text: string,
  { at, entry, exists }: Place,
  changed: PolicyEntry,
  rule: PolicyRule,
): string {
  if (!exists) return editJson(text, at, changed);
  let result = text;
  for (const key of LISTS) {
    const before = entry[key];
    const after = changed[key];
    if (after === before) continue;
    const list: JSONPath = [...at, key];
    const added = after !== undefined && before !== undefined && after.length === before.length + 1;
    result = added ? editJson(result, [...list, before.length], rule, true) : editJson(result, list, after);
  }
  return result;
}

const LISTS = ['deny_if', 'ask_if', 'allow_if'] as const;

/** The entry with the rule in it, or unchanged where the rule can say nothing there. */
function entryWith(entry: PolicyEntry, effect: RuleEffect, rule: PolicyRule, args: JsonObject): PolicyEntry {
  const { action = 'allow', allow_if = [] } = entry;
  if (action === 'deny' || action === 'hide') return entry;
  if (effect === 'deny') return { ...entry, deny_if: [...(entry.deny_if ?? []), rule] };
  if (effect === 'allow')
    return action === 'allow' && entry.ask_if === undefined
      ? entry
      : { ...entry, allow_if: [...allow_if, rule] };
  // A question is lifted by any exception that holds, so those that hold for this call go.
  const kept = allow_if.filter((exception) => !exceptionHolds(exception, args));
  const { allow_if: _lifted, ...rest } = entry;
  const left =
    kept.length === allow_if.length ? entry : kept.length === 0 ? rest : { ...rest, allow_if: kept };
  return action === 'allow' ? { ...left, ask_if: [...(entry.ask_if ?? []), rule] } : left;
}

function exceptionHolds(exception: PolicyRule, args: JsonObject): boolean {
  const { policy } = compile({ version: '1', tools: { tool: { action: 'ask', allow_if: [exception] } } });
  const conditions = policy.base.exact.get('tool')?.allowIf[0]?.conditions ?? [];
  return conditions.every((condition) => holds(condition, args, 'every').truth === 'yes');
}

function policyOf(text: string): CompiledPolicy {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new RpcError('bad_input', parsed.problems.map(problemText).join('\n'));
  return parsed.policy;
}

/** What a document says of the call itself; limits are taken to have room. */
function judge(policy: CompiledPolicy, { server, tool, caller }: DraftInput, args: JsonObject): Judgement {
  const facts = {
    clientId: caller.id,
    server,
    session: '',
    tool,
    args,
    argsDigest: '',
    definition: undefined,
  };
  return evaluate(applicable(policy, caller.id, tool), facts, { check: () => ({ fits: true }) });
}
