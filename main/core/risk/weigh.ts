import type { Category } from '../../../shared/schemas/common.ts';
import type { OtherLanguage } from './languages.ts';
import { moreSevere, RANK, type Signal } from './signal.ts';

/** All that was found about a tool. */
export interface Evidence {
  readonly name: Signal | undefined;
  readonly described: readonly Signal[];
  readonly titled: Signal | undefined;
  readonly arguments: readonly Signal[];
  /** An argument that switches on a change. */
  readonly switch: Signal | undefined;
  readonly language: OtherLanguage;
  /** Whether there is a description that says more than the name. */
  readonly hasText: boolean;
  /** Whether "run" and "execute" are about a query that only reads. */
  readonly reads: boolean;
  readonly takesCode: boolean;
  /** An argument that says where a file is saved. */
  readonly savesFile: string | undefined;
}
/** A judgement in the making. */
export interface Judged {
  category: Category;
  confidence: number;
  /** Its annotations say that it destroys, its text says less. */
  declaredDestructive?: boolean;
  readonly reasons: string[];
  /** What could not be decided. */
  readonly unclear: string[];
}

/**
 * The most severe category that something clear speaks for; a weak word gives way to a clear one, wherever that stands.
 * Confidence says how often such evidence was right about the tools in docs/risk.md.
 */
export function weigh(evidence: Evidence): Judged {
  const { name, described, titled, language } = evidence;
  const said = [name, ...described, titled, ...language.signals].filter((signal) => signal !== undefined);
  // In a tool that changes things anyway, `delete: true` inside a field takes back a value.
  const reading = said.every((signal) => signal.category === 'Read');
  const all = [
    ...said,
    ...evidence.arguments,
    ...(reading && evidence.switch ? [evidence.switch] : []),
  ].filter((signal) => !(evidence.reads && signal.category === 'Execute' && signal !== name));
  const unclear: string[] = [];
  if (!evidence.hasText) unclear.push('it has no description');
  if (language.foreign) unclear.push('its text is in a language that is only partly understood');
  const clear = all.filter((signal) => !signal.weak);
  const used = clear.length > 0 ? clear : all;
  let category: Category | undefined;
  for (const signal of used)
    category = category === undefined ? signal.category : moreSevere(category, signal.category);
  // A word like "status" does not prove Read where the text is not understood.
  const onlyWeakRead = category === 'Read' && clear.length === 0;
  if (category === undefined || (onlyWeakRead && (language.foreign || !evidence.hasText)))
    return {
      category: 'Write',
      confidence: 0.3,
      reasons: ['nothing says what it does, so it is not taken for reading'],
      unclear,
    };
  const reasons = [...new Set(used.filter((one) => one.category === category).map((one) => one.reason))];
  const others = used.filter((signal) => signal.category !== category);
  for (const other of others.slice(0, 2))
    reasons.push(`${other.reason} (${other.category}), which weighs less`);
  if (clear.length === 0) unclear.push('only words with several meanings say what it does');
  if (onlyWeakRead && evidence.savesFile !== undefined)
    return {
      category: 'Write',
      confidence: 0.5,
      reasons: [`argument ${evidence.savesFile} says where it saves a file`, ...reasons],
      unclear,
    };
  const claimed = evidence.reads && all.length > 0 && evidence.takesCode;
  if (claimed) unclear.push('it takes free-form code, and only its description says that it reads');
  const far = others.some((other) => RANK[category] - RANK[other.category] > 1);
  if (far) unclear.push(`its name, text and arguments do not agree`);
  const sources = new Set(used.map((signal) => signal.reason)).size;
  let confidence = clear.length === 0 ? 0.55 : others.length > 0 ? 0.8 : sources > 1 ? 0.97 : 0.9;
  if (!evidence.hasText) confidence = Math.min(confidence, category === 'Read' ? 0.65 : 0.8);
  if (claimed) confidence = Math.min(confidence, 0.65);
  if (language.foreign) confidence = Math.min(confidence, 0.55);
  return { category, confidence, reasons, unclear };
}
