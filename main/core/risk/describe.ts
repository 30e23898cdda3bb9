import type { Category } from '../../../shared/schemas/common.ts';
import { saysMoney } from './flags/money.ts';
import { phraseOf } from './names.ts';
import { RANK, type Signal } from './signal.ts';
import { firstSentence, sentencesOf, sentenceTokens } from './tokens.ts';
import { ALSO_NOUNS, PARTICIPLES, thirdPerson, VERB_FORMS, type Verb } from './words.ts';

const FILLER = new Set(
  `this the a an tool tools function that which use used uses using to for it can will allow allows allowing you enables enable
   provides provide helps help lets let ability able utility endpoint api in order please always when new quickly easily
   efficiently securely safely safe simply just asynchronously permanently immediately automatically recursively remotely
   directly bulk`.split(/\s+/),
);

/** A text without a heading for the model before it: "START HERE for X: List …". */
export function withoutHeading(description: string): string {
  return description
    .trim()
    .replace(
      /^(?:START HERE|IMPORTANT|NOTE|DISCOVERY|NEXT|STEP \d+|REQUIRED(?: FIRST)?|TIP|USAGE|WARNING|BETA|EXPERIMENTAL)(?: for [\w -]{1,40})?: ?/i,
      '',
    );
}

/** What the description's first sentence says: the chain of verbs it opens with ("Create, update or delete …"). */
export function descriptionSignals(description: string): Signal[] {
  const sentence = firstSentence(withoutHeading(description));
  const tokens = sentenceTokens(sentence);
  const signals: Signal[] = [];
  let at = 0;
  while (at < tokens.length && at < 8 && (FILLER.has(tokens[at] as string) || tokens[at] === ',')) {
    // "Enables two-factor sign-in" is a verb; "enables you to" is not.
    if (
      /^(enable|allow|use)s?$/.test(tokens[at] as string) &&
      !/^(you|to|this|users?|the|agents?|it)$/.test(tokens[at + 1] ?? '')
    )
      break;
    at++;
  }
  // "Call this first to find …" is about the caller.
  const aboutUse = /^(call|run|invoke)$/.test(tokens[at] ?? '') && /^(this|it)$/.test(tokens[at + 1] ?? '');
  const lead = aboutUse ? undefined : VERB_FORMS.get(tokens[at] ?? '');
  const asks = lead?.weak === true && tokens.slice(at + 1, at + 7).find((token) => ASKING.test(token));
  const phrase = phraseOf(tokens[at] ?? '', tokens[at + 1] ?? '');
  if (phrase !== undefined)
    signals.push({
      category: phrase,
      weak: phrase === 'Execute',
      reason: `description begins with ${tokens[at]} ${tokens[at + 1]}`,
    });
  else if (asks)
    signals.push({ category: 'Read', weak: true, reason: `description says ${tokens[at]} … ${asks}` });
  else if (onlyComputes(description))
    signals.push({ category: 'Read', weak: true, reason: 'description only speaks of computing something' });
  else if (lead !== undefined) {
    // "Turn a flag on", "Apply a texture": by themselves no more than a change.
    const weak = lead.weak || lead.base === 'turn' || lead.base === 'apply' || isHeading(tokens, at, lead);
    signals.push({ category: lead.category, weak, reason: `description begins with ${tokens[at]}` });
  } else if (/^(whether|current|active|latest|available|recent|who|what|how)$/.test(tokens[at] ?? ''))
    signals.push({ category: 'Read', weak: true, reason: `description tells ${tokens[at]} …` });
  for (let i = at + 1; i < tokens.length && i < 40; i++) {
    const before = tokens[i - 1] ?? '';
    const verb = VERB_FORMS.get(tokens[i] ?? '');
    if (verb === undefined || verb.weak || !/^(,|\/|&|and|or|then|to)$/.test(before)) continue;
    if (negated(tokens, i) || tokens.slice(at, i).some((token) => ABOUT_OTHERS.test(token))) continue;
    const inChain = lead !== undefined && i - at <= 9 && before !== 'to' && !followsNoun(tokens, at, i);
    const acts = tokens[i] !== verb.base && /s$/.test(tokens[i] ?? '') && !ALSO_NOUNS.has(verb.base);
    if (inChain || acts || (lead === undefined && before === 'to' && i < 12))
      signals.push({ category: verb.category, weak: false, reason: `description says ${tokens[i]}` });
  }
  signals.push(...laterActs(description));
  if (saysMoney(sentence))
    signals.push({ category: 'Financial', weak: false, reason: 'description says money is moved' });
  if (
    /\b(permanently|irreversibl[ey]|cannot be undone|can't be undone|irrecoverabl[ey])\b/i.test(
      description.slice(0, 2000),
    )
  )
    signals.push({ category: 'Destructive', weak: false, reason: 'description says it cannot be undone' });
  return signals;
}

/** "Lists who can edit and delete", "configuration used to deploy and destroy": what others do. */
const ABOUT_OTHERS = /^(who|used|how|whether|why)$/;

/** "Performs a web search": what is performed is a look. */
const ASKING = /^(quer(y|ies)|search(es)?|lookups?|scans?|analysis|checks?|calculations?)$/;

/**
 * "Adds two numbers", "Converts time between zones": a result, and nothing else. Converting money in an account is no
 * computing.
 */
export function onlyComputes(description: string): boolean {
  const sentence = firstSentence(description.trim());
  return (
    /^\W*(add|convert|transform)s? .*\b(numbers|integers|coordinates|currenc(y|ies)|units?|time ?zones?|temperatures?|bases?|epoch|timestamps?)\b/i.test(
      sentence,
    ) &&
    !/\b(accounts?|wallets?|portfolio|balances?|funds|records?|files?|rows?|columns?|tables?)\b/i.test(
      sentence,
    )
  );
}

/** "Log label exploration", "Order details": a noun that heads the sentence, not a verb with its object. */
function isHeading(tokens: readonly string[], at: number, lead: Verb): boolean {
  if (
    tokens[at] !== lead.base ||
    !ALSO_NOUNS.has(lead.base) ||
    lead.category === 'Execute' ||
    lead.category === 'Read'
  )
    return false;
  return (
    !/^(an?|the|your?|new|to|this|all|one|multiple|existing|it|another|text|on|from|in|with|for)$|s$/.test(
      tokens[at + 1] ?? '',
    ) && tokens.length > at + 2
  );
}

/** "List pull requests, issues and comments": words after the first object are a list of things, unless verbs stay bare. */
function followsNoun(tokens: readonly string[], from: number, to: number): boolean {
  if (!ALSO_NOUNS.has(VERB_FORMS.get(tokens[to] ?? '')?.base ?? '')) return false;
  if (OBJECTS.test(tokens[to + 1] ?? '')) return false;
  return tokens
    .slice(from + 1, to)
    .some((token) => !VERB_FORMS.has(token) && !/^(,|\/|&|and|or|then)$/.test(token));
}

/** Words that show that the one before is a verb: "charges their card", "emails it". */
const OBJECTS =
  /^(it|them|him|her|the|their|its|your|every|everyone|everything|all|each|any|an?|this|that|those|these|what|whatever)$/;
const OBJECTS_OR_MANY =
  /^(it|them|the|their|its|your|every|everyone|everything|all|each|any|an?|old|unused|untracked|expired|[a-z]+s)$/;
/** Words before a verb of the tool itself: "also deletes", "this tool sends". */
const ACTOR =
  /^(it|this|tool|also|additionally|automatically|silently|permanently|immediately|then|afterwards)$/;
/** Done to results, not to things: "… and filters them". */
const HARMLESS =
  /^(filters|groups|formats|caches|combines|aggregates|paginates|limits|highlights|presents|explains|organizes|organises|normalizes|flattens|merges|includes|sorts|orders|ranks|enriches|displays|uses|counts|maps|matches|processes)$/;
/** "Allows filtering by name", "Accepts a list": about the tool's arguments. */
const TELLS = new Set(['allow', 'enable', 'accept', 'follow', 'like', 'sort', 'pass']);
/** Sentences about when to use the tool, or about others. */
const ABOUT_USE =
  /^(use|call|prefer|see|note that you|example|for example|tip|if|when|whenever|never|do not|don't|to \w+|e\.g|unlike|requires?|you)\b|\binstead\b/i;

/**
 * What later clauses add: "…, then deletes them", "Files older than a day are removed", "and emails it to
 * everyone". Descriptions put this last, and it matters most.
 */
function laterActs(description: string): Signal[] {
  const signals: Signal[] = [];
  for (const [n, sentence] of sentencesOf(description.slice(0, 4000)).entries()) {
    if (n > 0 && ABOUT_USE.test(sentence)) continue;
    const tokens = sentenceTokens(sentence).slice(0, 80);
    for (let i = n === 0 ? 1 : 0; i < tokens.length; i++) {
      const found = actAt(tokens, i, n);
      if (found !== undefined && !negated(tokens, i)) signals.push(found);
    }
    if (n > 0 && saysMoney(sentence) && /^\W*(this|it|the tool|will|also|then)\b/i.test(sentence))
      signals.push({ category: 'Financial', weak: false, reason: 'description says money is moved' });
  }
  return signals;
}

function actAt(tokens: readonly string[], i: number, sentence: number): Signal | undefined {
  const token = tokens[i] as string;
  const before = tokens[i - 1] ?? '';
  const after = tokens[i + 1] ?? '';
  const say = (category: Category): Signal => ({
    category,
    weak: false,
    reason: `description says ${before} ${token}`,
  });
  const verb = VERB_FORMS.get(token);
  // "Detects infected files and xyzes them": not known, but done to something.
  if (
    verb === undefined &&
    !HARMLESS.test(token) &&
    /^(and|then)$/.test(before) &&
    /^(it|them)$/.test(after) &&
    /[a-z]{3}s$/.test(token)
  )
    return say('Write');
  if (after === 'them' && tokens[i + 2] === 'by') return undefined;
  const buys = verb?.base === 'book' || verb?.base === 'order';
  if (
    verb !== undefined &&
    verb.category !== 'Read' &&
    (!verb.weak || buys) &&
    !(TELLS.has(verb.base) && (verb.base !== 'enable' || i === 0))
  ) {
    const third = token === thirdPerson(verb.base);
    const category = buys ? 'Financial' : verb.category;
    const noun = ALSO_NOUNS.has(verb.base);
    if (third && ACTOR.test(before) && (!noun || OBJECTS.test(after))) return say(category);
    if (third && /^(and|,|&|or)$/.test(before) && OBJECTS.test(after)) return say(category);
    if (third && sentence > 0 && i === 0 && (!noun || OBJECTS.test(after))) return say(category);
    // A later sentence that is a command of its own: "A helper. Delete the branch."
    if (
      token === verb.base &&
      sentence > 0 &&
      i === 0 &&
      RANK[category] >= RANK.Destructive &&
      OBJECTS_OR_MANY.test(after)
    )
      return say(category);
    // "Get users, then delete those": a command in a chain.
    if (token === verb.base && before === 'then' && (!noun || OBJECTS.test(after))) return say(category);
    if (token === verb.base && before === 'and' && OBJECTS.test(after) && !mentionsOthers(tokens, i))
      return say(category);
    if (token === verb.base && before === 'will' && /^(it|this|tool)$/.test(tokens[i - 2] ?? ''))
      return say(category);
  }
  const done = PARTICIPLES.get(token);
  if (done === undefined || mentionsOthers(tokens, i)) return undefined;
  const adverb = /ly$/.test(before) ? 1 : 0;
  const be = tokens[i - 1 - adverb] ?? '';
  if (done === 'Write') return be === 'be' && tokens[i - 2 - adverb] === 'will' ? say(done) : undefined;
  if (!/^(are|is|be|get|gets)$/.test(be)) return undefined;
  if (/^(can|may|could|should|must|would|to)$/.test(tokens[i - 2 - adverb] ?? '')) return undefined;
  // Cleaning a text, not data.
  if (
    tokens.some((word) =>
      /^(duplicates?|results?|tags?|html|whitespace|stop-?words?|noise|ads|boilerplate|nulls?|fields?|output|response|markup|scripts?|styles?|calls?|requests?|tokens?)$/.test(
        word,
      ),
    )
  )
    return undefined;
  return say(done);
}

/** "items that are deleted", "whether it is removed", "after it is deleted": mentioned, not done. */
function mentionsOthers(tokens: readonly string[], i: number): boolean {
  return tokens
    .slice(Math.max(0, i - 7), i)
    .some((word) =>
      /^(that|which|whether|if|when|until|once|after|before|who|how|why|where|as|from|being)$/.test(word),
    );
}

function negated(tokens: readonly string[], i: number): boolean {
  return tokens
    .slice(Math.max(0, i - 4), i)
    .some((word) =>
      /^(not|never|no|without|cannot|can't|don't|doesn't|won't|nor|neither|nothing)$/.test(word),
    );
}
