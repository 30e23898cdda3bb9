import type { JSONPath } from 'jsonc-parser';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ActionName } from '../../../../shared/schemas/common.ts';
import type { PolicyDocument, PolicyEntry } from '../../../../shared/schemas/policy.ts';
import type { SimpleLimit } from '../../../../shared/schemas/server.ts';
import { parseJson } from '../../codec/index.ts';
import { sameCounts } from '../draft/places.ts';
import { applicable } from '../judge/applicable.ts';
import { type CompiledPolicy, compile } from '../language/compile.ts';
import { editShortened } from '../language/edit-object.ts';
import { simpleLimit } from '../language/explain.ts';
import { editJson as edit } from '../language/json-edit.ts';
import { parsePolicy, problemText } from '../language/parse.ts';

export interface ToolChange {
  readonly action?: ActionName;
  /** Null removes the plain limit; undefined leaves it. */
  readonly limit?: SimpleLimit | null;
}

/** Tools whose entries are looked at together: few, so that the text they stand in stays short. */
const AT_ONCE = 10;

/** What an edit starts from while a server follows recommended rules: only what was clicked changes. */
export const EMPTY_POLICY = `${JSON.stringify({ version: '1', default: 'allow', tools: {} }, null, 2)}\n`;

/**
 * Writes one-click changes into a document's text and leaves every other byte alone. Hiding puts the exact name on the
 * `hide` list. `text` is undefined while the server has no policy of its own: then it starts from EMPTY_POLICY.
 * A tool that so far followed a pattern gets a copy of that pattern's rules, whose limits go on counting together with the
 * pattern's. Throws RpcError: `bad_input` when the text is not a policy, `refused` when the change cannot have the effect that was asked for.
 */
export function setTool(
  text: string | undefined,
  tools: readonly string[],
  change: ToolChange,
  server: string,
): string {
  let result = text ?? EMPTY_POLICY;
  strictly(result);
  for (const tool of tools) {
    if (tool === '__proto__' || tool.includes('*') || tool === '')
      throw new RpcError(
        'refused',
        `A tool named "${tool}" cannot have an entry of its own.`,
        'Write a pattern for it in the document.',
      );
  }
  for (let from = 0; from < tools.length; from += AT_ONCE) {
    const some = tools.slice(from, from + AT_ONCE);
    result = editShortened(result, some, (short) =>
      some.reduce((made, tool) => withChange(made, tool, change, server), short),
    );
  }
  strictly(result);
  return result;
}

function withChange(text: string, tool: string, { action, limit }: ToolChange, server: string): string {
  const acted = action === undefined ? text : withAction(text, tool, action, server);
  return limit === undefined ? acted : withLimit(acted, tool, limit, server);
}

function strictly(text: string): void {
  const outcome = parsePolicy(text);
  if (!outcome.ok) throw new RpcError('bad_input', outcome.problems.map(problemText).join('\n'));
}

/** Between the first and the last edit: the text was checked and only changed by us, so it is not checked again each time. */
function parsed(text: string): CompiledPolicy {
  if (text !== latest?.text)
    latest = { text, policy: compile(parseJson(text) as unknown as PolicyDocument).policy };
  return latest.policy;
}
let latest: { readonly text: string; readonly policy: CompiledPolicy } | undefined;

function ownEntry(document: PolicyDocument, tool: string): PolicyEntry | undefined {
  return document.tools !== undefined && Object.hasOwn(document.tools, tool)
    ? document.tools[tool]
    : undefined;
}

function withAction(text: string, tool: string, action: ActionName, server: string): string {
  const { document } = parsed(text);
  const hide = document.hide ?? [];
  if (action === 'hide') {
    if (applicable(parsed(text), '', tool).hidden !== null) return text;
    return document.hide === undefined
      ? edit(text, ['hide'], [tool])
      : edit(text, ['hide', hide.length], tool, true);
  }
  let result = text;
  const listed = hide.indexOf(tool);
  if (listed >= 0) result = edit(text, hide.length === 1 ? ['hide'] : ['hide', listed], undefined);
  const still = applicable(parsed(result), '', tool).hidden;
  if (still !== null)
    throw new RpcError(
      'refused',
      `${tool} stays hidden: "${still.pattern}" (${still.pointer}) hides it.`,
      `Narrow or remove "${still.pattern}" in the document first.`,
    );
  result = withEntry(result, tool, server);
  const entry = ownEntry(parsed(result).document, tool) ?? {};
  if (action === 'allow') {
    if (entry.action !== undefined) result = edit(result, ['tools', tool, 'action'], undefined);
  } else if (!(action === 'ask' && entry.action === 'require_approval'))
    result = edit(result, ['tools', tool, 'action'], action);
  // An unconditional block would go on answering for the action that was just chosen.
  result = withoutUnconditional(result, tool, 'deny_if');
  if (action === 'ask') return withoutUnconditional(result, tool, 'allow_if');
  if (action !== 'allow') return result;
  result = withoutUnconditional(result, tool, 'ask_if');
  // Exceptions from questions go with the last question.
  const left = ownEntry(parsed(result).document, tool);
  return left?.allow_if !== undefined && left.ask_if === undefined
    ? edit(result, ['tools', tool, 'allow_if'], undefined)
    : result;
}

function withoutUnconditional(text: string, tool: string, key: 'deny_if' | 'ask_if' | 'allow_if'): string {
  let result = text;
  for (;;) {
    const rules = ownEntry(parsed(result).document, tool)?.[key] ?? [];
    const index = rules.findIndex((rule) => rule.conditions.length === 0);
    if (index < 0) return result;
    result = edit(result, rules.length === 1 ? ['tools', tool, key] : ['tools', tool, key, index], undefined);
  }
}

/** Gives a tool an entry of its own that says what applied to it so far. */
function withEntry(text: string, tool: string, server: string): string {
  const policy = parsed(text);
  if (ownEntry(policy.document, tool) !== undefined) return text;
  const { entry, fallback } = applicable(policy, '', tool);
  const pattern = entry === null ? undefined : policy.document.tools?.[entry.key];
  const copy =
    pattern && entry
      ? sameCounts(pattern, entry.pointer, server)
      : fallback.action === 'allow'
        ? {}
        : { action: fallback.action };
  return edit(text, ['tools', tool], copy);
}

function withLimit(text: string, tool: string, limit: SimpleLimit | null, server: string): string {
  const { entry } = applicable(parsed(text), '', tool);
  const has = entry?.limits.some((one) => simpleLimit(one) !== null) ?? false;
  if (limit === null && !has) return text;
  const result = withEntry(text, tool, server);
  const policy = parsed(result);
  const own = policy.base.exact.get(tool);
  const limits = ownEntry(policy.document, tool)?.limits ?? [];
  const plain = own?.limits.find((one) => simpleLimit(one) !== null);
  const at: JSONPath = ['tools', tool];
  if (plain === undefined) {
    if (limit === null) return result;
    const made = {
      counter: `${tool}_rate`.slice(0, 200),
      window: limit.window,
      max: limit.max,
      scope: 'grant',
    };
    return limits.length === 0
      ? edit(result, [...at, 'limits'], [made])
      : edit(result, [...at, 'limits', limits.length], made, true);
  }
  if (plain.pointer.endsWith('/rate_limit'))
    return edit(result, [...at, 'rate_limit'], limit === null ? undefined : `${limit.max}/${limit.window}`);
  const index = own?.limits.indexOf(plain) ?? 0;
  if (limit === null)
    return edit(result, limits.length === 1 ? [...at, 'limits'] : [...at, 'limits', index], undefined);
  const windowed = edit(result, [...at, 'limits', index, 'window'], limit.window);
  return edit(windowed, [...at, 'limits', index, 'max'], limit.max);
}
