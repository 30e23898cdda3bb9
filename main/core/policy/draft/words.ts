import type { RuleEffect } from '../../../../shared/schemas/rule.ts';
import type { Json } from '../../codec/types.ts';
import type { ReadField } from './fields.ts';

/** Longer values are shown beside the sentence, not in it. */
const MAX_SHOWN = 120;
const VERBS: Record<RuleEffect, string> = { allow: 'allow', ask: 'ask about', deny: 'deny' };

/** `Always allow create_issue from Cursor when repo is "a/b"; title may be anything; any other argument asks again.` */
export function ruleSentence(rule: {
  readonly effect: RuleEffect;
  readonly tool: string;
  /** Null: every client. */
  readonly clientName: string | null;
  readonly fields: readonly ReadField[];
}): string {
  const { effect, tool, clientName, fields } = rule;
  const what = `Always ${VERBS[effect]} ${tool} from ${clientName ?? 'every client'}`;
  const compared = fields.filter(({ use }) => use !== 'any');
  const free = fields.filter(({ use }) => use === 'any').map(({ key }) => key);
  const more = effect === 'allow' ? '; any other argument asks again' : '';
  if (fields.length === 0 && effect === 'allow') return `${what} when it has no arguments.`;
  if (compared.length === 0) {
    const whatever =
      free.length === 0 ? '' : `, whatever ${joined(free)} ${free.length === 1 ? 'is' : 'are'}`;
    return `${what}${whatever}${more}.`;
  }
  const when = joined(compared.map(fieldText));
  const rest = free.length === 0 ? '' : `; ${joined(free)} may be anything`;
  return `${what} when ${when}${rest}${more}.`;
}

function fieldText({ key, use, value }: ReadField): string {
  return `${key} ${use === 'begins' ? 'begins with' : 'is'} ${shown(value)}`;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  if (text.length <= MAX_SHOWN) return text;
  if (typeof value === 'string') return `the text of ${value.length} characters shown beside`;
  return `the ${Array.isArray(value) ? 'list' : 'object'} of ${text.length} characters shown beside`;
}

function joined(texts: readonly string[]): string {
  if (texts.length < 2) return texts[0] ?? '';
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
