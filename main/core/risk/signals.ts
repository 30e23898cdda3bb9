import type { Category } from '../../../shared/schemas/common.ts';
import type { Parameter } from './schema.ts';
import { firstSentence, nameTokens, sentenceTokens } from './tokens.ts';
import {
  ALSO_NOUNS,
  BOOKINGS,
  MONEY_NOUNS,
  MONEY_OBJECTS,
  NOT_MONEY,
  READ_ENDINGS,
  VERB_FORMS,
  VERBS,
  type Verb,
} from './words.ts';

/** One hint at a category, with the words it rests on. */
export interface Signal {
  readonly category: Category;
  readonly weak: boolean;
  readonly reason: string;
}

const RANK: Record<Category, number> = { Read: 0, Write: 1, Execute: 2, Destructive: 3, Financial: 4 };

/** The more severe of two categories. */
export function moreSevere(a: Category, b: Category): Category {
  return RANK[a] >= RANK[b] ? a : b;
}

/** Two words that mean something else than the first alone. */
const PHRASES: Readonly<Record<string, Category>> = Object.assign(Object.create(null), {
  'check out': 'Write',
  'check in': 'Write',
  'log in': 'Write',
  'log out': 'Write',
  'sign in': 'Write',
  'sign up': 'Write',
  'opt in': 'Write',
  'opt out': 'Write',
  'set up': 'Write',
  'roll back': 'Execute',
  'shut down': 'Execute',
  'clean up': 'Destructive',
  'take down': 'Destructive',
  'top up': 'Financial',
  'cash out': 'Financial',
} satisfies Record<string, Category>);

/** What the name says: its leading verb, else its last word, else any verb in it. */
export function nameSignal(tokens: readonly string[], description: string): Signal | undefined {
  const first = tokens[0] ?? '';
  const last = tokens.at(-1) ?? '';
  const money = nameMoney(tokens, description);
  if (money !== undefined) return money;
  const phrase = PHRASES[`${first} ${tokens[1] ?? ''}`];
  if (phrase !== undefined)
    return { category: phrase, weak: false, reason: `name begins with ${first} ${tokens[1]}` };
  const lead = VERBS.get(first);
  // `run_query` is a command, `run_status` is not.
  const commanded = lead?.category === 'Execute' && VERBS.has(last);
  const aboutThing = tokens.length > 1 && ALSO_NOUNS.has(first) && READ_ENDINGS.has(last) && !commanded;
  if (lead !== undefined && !aboutThing) return chained(lead, tokens);
  const end = VERBS.get(last);
  if (
    end !== undefined &&
    tokens.length > 1 &&
    !(end.category === 'Write' && ALSO_NOUNS.has(last) && !['update', 'set'].includes(last))
  )
    return { category: end.category, weak: end.weak, reason: `name ends with ${last}` };
  if (READ_ENDINGS.has(last)) {
    const inside = severest(tokens.slice(0, -1).filter((token) => !ALSO_NOUNS.has(token)));
    if (inside === undefined || inside.category === 'Read')
      return { category: 'Read', weak: tokens.length === 1, reason: `name ends with ${last}` };
  }
  const inside = severest(tokens);
  return inside && { category: inside.category, weak: inside.weak, reason: `name holds ${inside.base}` };
}

/** `get_or_create`, `read_write`, `find_and_replace`: a second verb counts where it is one. */
function chained(lead: Verb, tokens: readonly string[]): Signal {
  let category = lead.category;
  let reason = `name begins with ${tokens[0]}`;
  let weak = lead.weak;
  for (const [i, token] of tokens.entries()) {
    const verb = i === 0 ? undefined : VERBS.get(token);
    if (verb === undefined || verb.weak || moreSevere(verb.category, category) === category) continue;
    const joined = ['and', 'or', 'then'].includes(tokens[i - 1] ?? '');
    const pair = i === 1 && tokens.length === 2 && !ALSO_NOUNS.has(token);
    if (!joined && !pair) continue;
    category = verb.category;
    weak = false;
    reason = `name holds ${token} beside ${tokens[0]}`;
  }
  return { category, weak, reason };
}

function severest(words: readonly string[]): Verb | undefined {
  let found: Verb | undefined;
  for (const word of words) {
    const verb = VERBS.get(word);
    if (
      verb !== undefined &&
      (found === undefined || found.weak || RANK[verb.category] > RANK[found.category])
    )
      if (!(verb.weak && found !== undefined)) found = verb;
  }
  return found;
}

/** Moving money: a verb of payment, or any changing verb on an invoice, a subscription, an order. */
function nameMoney(tokens: readonly string[], description: string): Signal | undefined {
  const first = tokens[0] ?? '';
  const lead = VERBS.get(first);
  const noun = tokens.find((token, i) => i > 0 && MONEY_NOUNS.has(token));
  const about = NOT_MONEY.test(tokens.join(' ')) || NOT_MONEY.test(firstSentence(description));
  const because = (reason: string): Signal => ({ category: 'Financial', weak: false, reason });
  if (['book', 'reserve', 'order'].includes(first) && tokens.some((token) => BOOKINGS.has(token)))
    return because(`name books something that costs money`);
  if (
    ['transfer', 'send', 'swap', 'mint', 'bridge', 'sign', 'broadcast', 'move', 'wire', 'release'].includes(
      first,
    )
  ) {
    const object = tokens.find((token, i) => i > 0 && MONEY_OBJECTS.has(token));
    if (object !== undefined) return because(`name says ${first} ${object}`);
  }
  if (
    lead?.category !== 'Read' &&
    tokens.includes('checkout') &&
    tokens.some((t) => ['session', 'cart', 'basket'].includes(t))
  )
    return because('name checks out a cart');
  if (first === 'place' && noun !== undefined) return because(`name says place ${noun}`);
  if (lead === undefined || lead.category === 'Read' || noun === undefined || about) return undefined;
  if (noun === 'transfer' && !MONEY_SENTENCE.test(description)) return undefined;
  return because(`name says ${first} ${noun}`);
}

const FILLER = new Set(
  `this the a an tool tools function that which use used uses using to for it can will allow allows allowing you enables enable
   provides provide helps help lets let ability able utility endpoint api in order please always when new quickly easily
   efficiently securely safely safe simply just asynchronously`.split(/\s+/),
);
const MONEY_SENTENCE =
  /\b(purchas(e|es|ing)|buys? |spend(s|ing)? (money|funds|credits)|process(es)? (a |an |the )?(payment|refund)|transfers? (of )?(funds|money|tokens)|places? (an? )?(\w+ )?(order|trade|bet)|issues? (a )?refund|pays? (for|an?|the) |charges? (a|the) (card|customer|user)|send(s|ing)? (money|funds|crypto))/i;

/** What the description's first sentence says: the chain of verbs it opens with ("Create, update or delete …"). */
export function descriptionSignals(description: string): Signal[] {
  const sentence = firstSentence(description.trim());
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
  const lead = VERB_FORMS.get(tokens[at] ?? '');
  if (lead !== undefined) {
    const { category, weak, reason } = fromVerb(lead, `description begins with ${tokens[at]}`);
    signals.push({ category, weak: weak || isHeading(tokens, at, lead), reason });
  }
  for (let i = at + 1; i < tokens.length && i < 40; i++) {
    const before = tokens[i - 1] ?? '';
    const verb = VERB_FORMS.get(tokens[i] ?? '');
    if (verb === undefined || verb.weak || !/^(,|\/|&|and|or|then|to)$/.test(before)) continue;
    const inChain = lead !== undefined && i - at <= 9 && before !== 'to' && !followsNoun(tokens, at, i);
    const acts = tokens[i] !== verb.base && /s$/.test(tokens[i] ?? '') && !ALSO_NOUNS.has(verb.base);
    if (inChain || acts || (lead === undefined && before === 'to' && i < 12))
      signals.push(fromVerb(verb, `description says ${tokens[i]}`));
  }
  if (MONEY_SENTENCE.test(sentence))
    signals.push({ category: 'Financial', weak: false, reason: 'description says money is moved' });
  if (
    /\b(permanently|irreversibl[ey]|cannot be undone|can't be undone|irrecoverabl[ey])\b/i.test(
      description.slice(0, 2000),
    )
  )
    signals.push({ category: 'Destructive', weak: false, reason: 'description says it cannot be undone' });
  return signals;
}

/** "Log label exploration", "Order details": a noun that heads the sentence, not a verb with its object. */
function isHeading(tokens: readonly string[], at: number, lead: Verb): boolean {
  if (tokens[at] !== lead.base || !ALSO_NOUNS.has(lead.base) || lead.category === 'Execute') return false;
  return (
    !/^(an?|the|your?|new|to|this|all|one|multiple|existing)$|s$/.test(tokens[at + 1] ?? '') &&
    tokens.length > at + 2
  );
}

/** "List pull requests, issues and comments": words after the first object are a list of things, unless verbs stay bare. */
function followsNoun(tokens: readonly string[], from: number, to: number): boolean {
  if (!ALSO_NOUNS.has(VERB_FORMS.get(tokens[to] ?? '')?.base ?? '')) return false;
  return tokens
    .slice(from + 1, to)
    .some((token) => !VERB_FORMS.has(token) && !/^(,|\/|&|and|or|then)$/.test(token));
}

function fromVerb(verb: Verb, reason: string): Signal {
  return { category: verb.category, weak: verb.weak, reason };
}

/** In capitals: `get | delete` are operations of the tool, `GET | DELETE` requests to somewhere else. */
const HTTP_METHOD = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/;
const METHOD_PARAMETER = /^(method|action|operation|op|command)$/i;

/** Several tools in one: `method: create | update | delete` is as severe as its most severe choice. */
export function methodSignal(parameters: readonly Parameter[]): Signal | undefined {
  let found: Signal | undefined;
  for (const { name, options } of parameters) {
    if (!METHOD_PARAMETER.test(name) || options.length < 1) continue;
    if (options.every((option) => HTTP_METHOD.test(option))) {
      if (!options.some((option) => /^(POST|PUT|PATCH|DELETE)$/.test(option))) continue;
      found ??= {
        category: 'Execute',
        weak: false,
        reason: `argument ${name} chooses how a request is sent`,
      };
      continue;
    }
    for (const option of options) {
      const signal = nameSignal(nameTokens(option), '');
      if (signal === undefined || signal.weak || signal.category === 'Read') continue;
      if (found === undefined || RANK[signal.category] > RANK[found.category])
        found = { category: signal.category, weak: false, reason: `argument ${name} can be ${option}` };
    }
  }
  return found;
}

/** Runs what the caller writes: SQL, a script, a command. */
export function codeSignal(
  parameters: readonly Parameter[],
  tokens: readonly string[],
  text: string,
): Signal | undefined {
  const code = parameters.find(({ name }) =>
    /^(command|cmd|script|shell|sql|cypher|javascript|python|code|expression|statement|statements|sql_?query)$/i.test(
      name,
    ),
  );
  const readsCode = VERBS.get(tokens[0] ?? '')?.category === 'Read' && !['query'].includes(tokens[0] ?? '');
  if (
    code !== undefined &&
    !(readsCode && /^(code|expression|script|statement|statements)$/i.test(code.name))
  )
    return { category: 'Execute', weak: false, reason: `argument ${code.name} is free-form code` };
  if (
    /\b(arbitrary|raw|custom) (\w+ )?(code|sql|commands?|scripts?|javascript|python|queries|cypher|shell)\b/i.test(
      text,
    )
  )
    return { category: 'Execute', weak: false, reason: 'description says it runs what the caller writes' };
  return undefined;
}
