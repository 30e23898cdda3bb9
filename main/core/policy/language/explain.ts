import { WindowName } from '../../../../shared/schemas/policy.ts';
import type { SimpleLimit } from '../../../../shared/schemas/server.ts';
import type { Checks, CompiledPolicy, Entry, Layer, Rule } from './compile.ts';
import { conditionText } from './conditions.ts';
import { UNIT } from './decimal.ts';
import { type Limit, limitText } from './limits.ts';
import { parsePolicy } from './parse.ts';

/** What a default says, by its action. */
export const DEFAULTS = {
  allow: 'Tools that are not named here are allowed.',
  ask: 'Tools that are not named here need approval.',
  deny: 'Tools that are not named here are denied.',
};

/** One sentence for every rule of a document, in its order. None for a text that is not a policy. */
export function explainPolicy(source: CompiledPolicy | string): string[] {
  let policy: CompiledPolicy;
  if (typeof source === 'string') {
    const parsed = parsePolicy(source);
    if (!parsed.ok) return [];
    policy = parsed.policy;
  } else policy = source;
  const sentences = layerSentences(policy.base, '');
  for (const [id, overlay] of policy.clients) sentences.push(...layerSentences(overlay, `For ${id}: `));
  return sentences;
}

function layerSentences(layer: Layer, prefix: string): string[] {
  const sentences: string[] = [];
  const say = (text: string) => sentences.push(prefix + text);
  if (layer.default !== null) say(DEFAULTS[layer.default]);
  for (const { pattern } of layer.hide) say(`${pattern} is hidden.`);
  if (layer.allTools !== null) for (const text of checkTexts(layer.allTools)) say(`Every tool: ${text}.`);
  for (const entry of [...layer.exact.values(), ...layer.globs]) say(entrySentence(entry));
  return sentences;
}

/** `pay is allowed only if args.currency is one of "EUR"; at most 200 of args.amount a day for all clients together.` */
export function entrySentence(entry: Entry, name = entry.key): string {
  const message = entry.message === null ? '' : `: ${entry.message.replace(/[.\s]+$/, '')}`;
  if (entry.action === 'deny') return `${name} is denied${message}.`;
  if (entry.action === 'hide') return `${name} is hidden${message}.`;
  const blocked = entry.denyIf.find((rule) => rule.conditions.length === 0);
  if (blocked !== undefined)
    return `${name} is denied${blocked.message === null ? '' : `: ${blocked.message.replace(/[.\s]+$/, '')}`}.`;
  const what = entry.action === 'ask' ? `needs approval${message}` : 'is allowed';
  const texts = [...checkTexts(entry), ...entry.allowIf.map(exceptionText)];
  return texts.length === 0 ? `${name} ${what}.` : `${name} ${what}; ${texts.join('; ')}.`;
}

function exceptionText({ conditions, message }: Rule): string {
  const words = message === null ? '' : ` (${message.replace(/[.\s]+$/, '')})`;
  return conditions.length === 0
    ? `never asked about here${words}`
    : `not asked about if ${conditions.map(conditionText).join(' and ')}${words}`;
}

function checkTexts(checks: Checks): string[] {
  const when = (rule: Rule, what: string) => {
    const message = rule.message === null ? '' : ` (${rule.message.replace(/[.\s]+$/, '')})`;
    return rule.conditions.length === 0
      ? `always ${what}${message}`
      : `${what} if ${rule.conditions.map(conditionText).join(' and ')}${message}`;
  };
  return [
    ...checks.denyIf.map((rule) => when(rule, 'denied')),
    ...checks.require.map((condition) => `only if ${conditionText(condition)}`),
    ...checks.limits.map(
      (limit) => limitText(limit) + (limit.onExceed === 'ask' ? ', then approval is needed' : ''),
    ),
    ...checks.askIf.map((rule) => when(rule, 'needs approval')),
  ];
}

/** A limit that the toggle in the table can show: calls a named window, nothing else. */
export function simpleLimit(limit: Limit): SimpleLimit | null {
  const window = WindowName.safeParse(limit.window);
  if (!window.success || limit.increment !== UNIT || !Number.isInteger(limit.max)) return null;
  return { max: limit.max, window: window.data };
}
