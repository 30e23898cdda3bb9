import type { Category, Risk, RiskFlag, Severity } from '../../../shared/schemas/common.ts';
import { flagsOf } from './flags.ts';
import { parametersOf } from './schema.ts';
import {
  codeSignal,
  descriptionSignals,
  methodSignal,
  moreSevere,
  nameSignal,
  type Signal,
} from './signals.ts';
import { firstSentence, ownTokens } from './tokens.ts';

/** A tool as listed; what is not of the expected type is ignored, since definitions come from outside. */
export interface ToolFacts {
  readonly server?: unknown;
  readonly name: string;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly inputSchema?: unknown;
  readonly annotations?: unknown;
}

const SEVERITY: Record<Category, Severity> = {
  Read: 'Low',
  Write: 'Medium',
  Execute: 'High',
  Destructive: 'Critical',
  Financial: 'Critical',
};
const SEVERITIES: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];
const MAX_TEXT = 4000;

/**
 * Says what a tool can do, from its definition alone: always the same answer for the same definition, with reasons. In
 * doubt the more severe category; nothing is called Read unless something says so. Annotations raise the category by
 * themselves and lower it only where the text agrees.
 */
export function classify(tool: ToolFacts): Risk {
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');
  const description = text(tool.description);
  const server = typeof tool.server === 'string' ? tool.server : undefined;
  const tokens = ownTokens(tool.name, server);
  const parameters = parametersOf(tool.inputSchema);
  const hints = hintsOf(tool.annotations);

  const name = nameSignal(tokens, description);
  const described = saysNothing(description, tool.name) ? [] : descriptionSignals(description);
  const method = methodSignal(parameters);
  const code = codeSignal(parameters, tokens, description);
  const judged = weigh(name, described, method, code, onlyQueries(name, description));
  const generation = generates(tokens, description);
  if (generation !== undefined && judged.category === 'Write') {
    judged.category = 'Execute';
    judged.reasons.push(generation);
  }
  annotate(judged, hints, description, name);

  const flags = flagsOf({
    category: judged.category,
    tokens,
    text: `${tokens.join(' ')} ${firstSentence(description)}`,
    parameters,
    openWorld: hints.openWorld === true && judged.category === 'Read',
  });
  return {
    category: judged.category,
    severity: severityOf(
      judged.category,
      flags.map(({ flag }) => flag),
    ),
    flags: flags.map(({ flag }) => flag),
    confidence: judged.confidence,
    reasons: [...judged.reasons, ...flags.map(({ flag, reason }) => `${flag}: ${reason}`)],
  };
}

interface Judged {
  category: Category;
  confidence: number;
  readonly reasons: string[];
}

function weigh(
  name: Signal | undefined,
  described: readonly Signal[],
  method: Signal | undefined,
  code: Signal | undefined,
  reads: boolean,
): Judged {
  // A weak word gives way to a clear one, wherever that stands.
  const all = [name, ...described, method, code]
    .filter((signal) => signal !== undefined)
    .filter((signal) => !(reads && signal.category === 'Execute' && signal !== name));
  const clear = all.filter((signal) => !signal.weak);
  const used = clear.length > 0 ? clear : all;
  let category: Category | undefined;
  for (const signal of used)
    category = category === undefined ? signal.category : moreSevere(category, signal.category);
  if (category === undefined)
    return {
      category: 'Write',
      confidence: 0.3,
      reasons: ['nothing says what it does, so it is not taken for reading'],
    };
  const reasons = used.filter((signal) => signal.category === category).map((signal) => signal.reason);
  const others = used.filter((signal) => signal.category !== category);
  for (const other of others.slice(0, 2))
    reasons.push(`${other.reason} (${other.category}), which weighs less`);
  const agree = used.length > 1 && others.length === 0;
  const confidence = clear.length === 0 ? 0.5 : agree ? 0.95 : others.length > 0 ? 0.65 : 0.8;
  return { category, confidence, reasons };
}

/** Making pictures, sound or video starts a job on someone's service; making a file or a text is writing. */
function generates(tokens: readonly string[], description: string): string | undefined {
  if (tokens[0] !== 'generate' && tokens[0] !== 'render') return undefined;
  const sentence = firstSentence(description);
  if (!/\b(using|via|with|from|job|model|ai)\b/i.test(sentence)) return undefined;
  return /\b(images?|videos?|audio|speech|music|songs?|voices?|pictures?|3d|sound)\b/i.test(
    `${tokens.join(' ')} ${sentence}`,
  )
    ? 'it starts a generation on a service'
    : undefined;
}

/** `query_logs`, "Runs a query for logs": a clear reading name stands against "run" where the text speaks of a query or says read-only. */
function onlyQueries(name: Signal | undefined, description: string): boolean {
  if (name === undefined || name.weak || name.category !== 'Read') return false;
  const sentence = firstSentence(description);
  if (/\bread[- ]?(only|mode)\b/i.test(sentence)) return true;
  return /^\W*(runs?|executes?) (?!.*\b(sql|code|arbitrary|raw|commands?|scripts?|mutations?|write)\b).*\b(quer(y|ies)|search(es)?|lookups?|checks?|promql|logql)\b/i.test(
    sentence,
  );
}

/** A description that only repeats the name says nothing. */
function saysNothing(description: string, name: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain(description) === '' || plain(description) === plain(name);
}

interface Hints {
  readonly readOnly: boolean | undefined;
  readonly destructive: boolean | undefined;
  readonly openWorld: boolean | undefined;
}

function hintsOf(annotations: unknown): Hints {
  const of = (key: string) => {
    if (typeof annotations !== 'object' || annotations === null || !Object.hasOwn(annotations, key))
      return undefined;
    const value: unknown = Reflect.get(annotations, key);
    return typeof value === 'boolean' ? value : undefined;
  };
  return { readOnly: of('readOnlyHint'), destructive: of('destructiveHint'), openWorld: of('openWorldHint') };
}

function annotate(judged: Judged, hints: Hints, description: string, name: Signal | undefined): void {
  const { reasons } = judged;
  if (hints.readOnly === true) {
    const says = /\bread[- ]only\b|\bwithout (modifying|changing)\b|\bdoes not (modify|change)\b/i.test(
      description,
    );
    if (judged.category === 'Read') {
      judged.confidence = Math.max(judged.confidence, 0.95);
      reasons.push('declared read-only, and its text agrees');
    } else if (
      says &&
      judged.category !== 'Destructive' &&
      judged.category !== 'Financial' &&
      (name === undefined || name.weak || name.category === 'Read' || name.category === 'Execute')
    ) {
      judged.category = 'Read';
      judged.confidence = 0.6;
      reasons.push('declared read-only, and its description says so too');
    } else reasons.push('declared read-only, but its text does not bear that out');
    return;
  }
  if (
    hints.destructive === true &&
    hints.readOnly === false &&
    moreSevere(judged.category, 'Destructive') !== judged.category
  ) {
    judged.category = 'Destructive';
    judged.confidence = 0.85;
    reasons.push('declared destructive');
  } else if (hints.readOnly === false && judged.category === 'Read') {
    judged.category = 'Write';
    judged.confidence = 0.6;
    reasons.push('declared to change things');
  } else if (hints.destructive === true && judged.category === 'Read') {
    judged.category = 'Destructive';
    judged.confidence = 0.5;
    reasons.push('declared destructive');
  }
}

function severityOf(category: Category, flags: readonly RiskFlag[]): Severity {
  let level = SEVERITIES.indexOf(SEVERITY[category]);
  const atLeast = (severity: Severity) => {
    level = Math.max(level, SEVERITIES.indexOf(severity));
  };
  if (flags.includes('secrets') || flags.includes('privilege')) atLeast('High');
  if (category === 'Write' && (flags.includes('egress') || flags.includes('bulk'))) atLeast('High');
  if (category === 'Execute' && flags.includes('code')) atLeast('Critical');
  return SEVERITIES[level] as Severity;
}
