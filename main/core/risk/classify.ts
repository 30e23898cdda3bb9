import type { Risk } from '../../../shared/schemas/common.ts';
import { annotate, hintsOf } from './annotations.ts';
import { codeParameter, codeSignal, methodSignal, requestSignal, switchSignal } from './arguments.ts';
import { descriptionSignals, onlyComputes, withoutHeading } from './describe.ts';
import { flagsOf } from './flags/flags.ts';
import { aboutMoney, nameMoney } from './flags/money.ts';
import { otherLanguage } from './languages.ts';
import { nameSignal } from './names.ts';
import { parametersOf } from './schema.ts';
import { severityOf } from './severity.ts';
import type { Signal } from './signal.ts';
import { firstSentence, nameTokens, ownTokens } from './tokens.ts';
import { type Evidence, weigh } from './weigh.ts';

/** A tool as listed; what is not of the expected type is ignored, since definitions come from outside. */
export interface ToolFacts {
  readonly server?: unknown;
  readonly name: string;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly inputSchema?: unknown;
  readonly annotations?: unknown;
}

const MAX_TEXT = 4000;

/**
 * Says what a tool can do, from its definition alone: always the same answer for the same definition, with reasons. In
 * doubt the more severe category; nothing is called Read unless something says so. Annotations raise the category by
 * themselves and lower it only where the text agrees (docs/risk.md).
 */
export function classify(tool: ToolFacts): Risk {
  // Without invisible characters, which would split words.
  const text = (value: unknown) => {
    if (typeof value !== 'string') return '';
    const start = value.slice(0, MAX_TEXT);
    return /[^\p{ASCII}]/u.test(start) ? start.replaceAll(/\p{Cf}/gu, '') : start;
  };
  const described = text(tool.description);
  const hints = hintsOf(tool.annotations);
  const title = text(tool.title) || hints.title;
  const server = typeof tool.server === 'string' ? tool.server.slice(0, 300) : undefined;
  const tokens = ownTokens(tool.name, server);
  const parameters = parametersOf(tool.inputSchema);
  const repeats = saysNothing(described, tool.name);
  const description = repeats ? '' : described;
  const language = otherLanguage(tokens, description);

  const name = nameMoney(tokens, description, parameters) ?? nameSignal(tokens);
  const evidence: Evidence = {
    // "Adds two numbers": the verb changes nothing.
    name: name?.category === 'Write' && onlyComputes(description) ? undefined : name,
    described: (description === '' ? [] : descriptionSignals(description)).filter(
      // "return_book: Return a borrowed book" does not say what it returns.
      ({ reason }) => !(tokens[0] === 'return' && reason === 'description begins with return'),
    ),
    titled: saysNothing(title, tool.name) ? undefined : nameSignal(nameTokens(title)),
    arguments: [
      methodSignal(parameters),
      requestSignal(parameters, name, description),
      codeSignal(parameters, tokens, description),
      saveSignal(tokens, description),
    ].filter((signal): signal is Signal => signal !== undefined),
    switch: switchSignal(parameters),
    language,
    hasText: description !== '',
    reads: onlyQueries(name, description),
    takesCode: codeParameter(parameters, description) !== undefined,
    savesFile: parameters.find(({ key }) => SAVES.test(key))?.name,
  };
  const judged = weigh(evidence);
  const generation = generates(tokens, description);
  if (generation !== undefined && judged.category === 'Write') {
    judged.category = 'Execute';
    judged.reasons.push(generation);
  }
  annotate(judged, hints, description, name);

  if (judged.category === 'Read' && aboutMoney(tokens, description))
    judged.reasons.push('it tells of money and moves none');

  const flags = flagsOf({
    category: judged.category,
    tokens,
    server: server ?? '',
    description,
    sentence: firstSentence(description),
    parameters,
    openWorld: hints.openWorld === true && judged.category === 'Read',
  });
  const names = flags.map(({ flag }) => flag);
  return {
    category: judged.category,
    severity: severityOf(judged.category, names, judged.declaredDestructive === true),
    flags: names,
    confidence: judged.confidence,
    reasons: [
      ...judged.reasons,
      ...flags.map(({ flag, reason }) => `${flag}: ${reason}`),
      ...judged.unclear.map((what) => `unclear: ${what}`),
    ],
  };
}

const SAVES =
  /^(save|output|local|destination|dest|target|download)_(path|dir|directory|folder|file|filename|file_path)$/;

/** `download_paper`, "stores it locally": a file appears on this machine. */
function saveSignal(tokens: readonly string[], description: string): Signal | undefined {
  if (
    !tokens.includes('download') ||
    !/\b(locally|local file|to disk|saves?|stores?)\b/i.test(firstSentence(description))
  )
    return undefined;
  return { category: 'Write', weak: false, reason: 'description says a file is saved' };
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

/** `query_logs`, "Runs a query for logs": a clear reading name outweighs "run" where the text says query or read-only. */
function onlyQueries(name: Signal | undefined, description: string): boolean {
  if (name === undefined || name.weak || name.category !== 'Read') return false;
  const sentence = firstSentence(withoutHeading(description));
  if (/(?<!\b(?:not|isn't|no longer) )\bread[- ]?(only|mode)\b/i.test(sentence)) return true;
  return (
    /^\W*(runs?|executes?) (?!.*\b(sql|code|arbitrary|raw|commands?|scripts?|mutations?|write)\b).*\b(quer(y|ies)|search(es)?|lookups?|checks?|promql|logql|aggregations?)\b/i.test(
      sentence,
    ) || /^\W*(runs?|executes?) an? select\b/i.test(sentence)
  );
}

/** A description that only repeats the name says nothing. */
function saysNothing(description: string, name: string): boolean {
  const plain = (text: string) =>
    text
      .slice(0, 600)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return plain(description) === '' || plain(description) === plain(name);
}
