import { WindowName } from '../../../../shared/schemas/policy.ts';
import type { SimpleLimit } from '../../../../shared/schemas/server.ts';
import { defaultSentences, explained } from '../../../../shared/text/core/policy.ts';
import type { Checks, CompiledPolicy, Entry, Layer, Rule } from './compile.ts';
import { conditionText } from './conditions.ts';
import { UNIT } from './decimal.ts';
import { type Limit, limitText } from './limits.ts';
import { parsePolicy } from './parse.ts';

/** One sentence for every rule of a document, in its order. None for a text that is not a policy. */
export function explainPolicy(source: CompiledPolicy | string): string[] {
  let policy: CompiledPolicy;
  if (typeof source === 'string') {
    const parsed = parsePolicy(source);
    if (!parsed.ok) return [];
    policy = parsed.policy;
  } else policy = source;
  const sentences = layerSentences(policy.base, '');
  for (const [id, overlay] of policy.clients)
    sentences.push(...layerSentences(overlay, explained.forClient(id)));
  return sentences;
}

function layerSentences(layer: Layer, prefix: string): string[] {
  const sentences: string[] = [];
  const say = (text: string) => sentences.push(prefix + text);
  if (layer.default !== null) say(defaultSentences[layer.default]);
  for (const { pattern } of layer.hide) say(explained.hidden(pattern));
  if (layer.allTools !== null) for (const text of checkTexts(layer.allTools)) say(explained.everyTool(text));
  for (const entry of [...layer.exact.values(), ...layer.globs]) say(entrySentence(entry));
  return sentences;
}

/** `pay is allowed only if args.currency is one of "EUR"; at most 200 of args.amount a day for all clients together.` */
export function entrySentence(entry: Entry, name = entry.key): string {
  const { message } = entry;
  if (entry.action === 'deny') return explained.entryDenied(name, message);
  if (entry.action === 'hide') return explained.entryHidden(name, message);
  const blocked = entry.denyIf.find((rule) => rule.conditions.length === 0);
  if (blocked !== undefined) return explained.entryDenied(name, blocked.message);
  const exceptions = entry.allowIf.map((rule) => explained.exception(conditionTexts(rule), rule.message));
  return explained.entry(name, entry.action === 'ask', message, [...checkTexts(entry), ...exceptions]);
}

function conditionTexts(rule: Rule): string[] {
  return rule.conditions.map(conditionText);
}

function checkTexts(checks: Checks): string[] {
  return [
    ...checks.denyIf.map((rule) => explained.rule('denied', conditionTexts(rule), rule.message)),
    ...checks.require.map((condition) => explained.required(conditionText(condition))),
    ...checks.limits.map((limit) => explained.limit(limitText(limit), limit.onExceed === 'ask')),
    ...checks.askIf.map((rule) => explained.rule('needs approval', conditionTexts(rule), rule.message)),
  ];
}

/** A limit that the toggle in the table can show: calls a named window, nothing else. */
export function simpleLimit(limit: Limit): SimpleLimit | null {
  const window = WindowName.safeParse(limit.window);
  if (!window.success || limit.increment !== UNIT || !Number.isInteger(limit.max)) return null;
  return { max: limit.max, window: window.data };
}
