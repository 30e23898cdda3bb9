import type { Category } from '../../../shared/schemas/common.ts';
import { moreSevere, RANK, type Signal } from './signal.ts';
import { ALSO_NOUNS, READ_ENDINGS, VERBS, type Verb } from './words.ts';

/** Two words that mean something else than the first alone. */
const PHRASES: Readonly<Record<string, Category>> = Object.assign(Object.create(null), {
  'check out': 'Write',
  'check in': 'Write',
  'log in': 'Write',
  'log out': 'Write',
  'sign in': 'Write',
  'sign up': 'Write',
  'sign out': 'Write',
  'opt in': 'Write',
  'opt out': 'Write',
  'set up': 'Write',
  'bring up': 'Execute',
  'spin up': 'Execute',
  'turn on': 'Execute',
  'turn off': 'Execute',
  'roll back': 'Execute',
  'shut down': 'Execute',
  'cherry pick': 'Write',
  'clean up': 'Destructive',
  'tear down': 'Destructive',
  'take down': 'Destructive',
  'wind down': 'Destructive',
  'top up': 'Financial',
  'cash out': 'Financial',
} satisfies Record<string, Category>);
/** What two words at the beginning of a sentence mean together: "Rolls back", "Shut down". */
export function phraseOf(first: string, second: string): Category | undefined {
  return PHRASES[`${first.replace(/s$/, '')} ${second}`];
}
/** Destructive wherever the two words stand in a name. */
const ANYWHERE: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  force: 'push',
  hard: 'reset',
  factory: 'reset',
  reset: 'hard',
  clean: 'up',
  tear: 'down',
  stash: 'drop',
  branch: 'drop',
  format: 'disk drive partition volume sd',
  git: 'clean',
});
/** `is_deleted`, `has_access`: questions. */
const QUESTIONS = new Set('is has can does exists are was should'.split(' '));

/** What the name says: its leading verb, else its last word, else any verb in it; and any verb joined with "and". */
export function nameSignal(tokens: readonly string[]): Signal | undefined {
  let found = alone(tokens);
  for (const [i, token] of tokens.entries()) {
    const verb = i > 0 && JOINTS.has(tokens[i - 1] as string) ? VERBS.get(token) : undefined;
    if (verb === undefined || verb.weak) continue;
    if (found === undefined || RANK[verb.category] > RANK[found.category])
      found = { category: verb.category, weak: false, reason: `name says ${tokens[i - 1]} ${token}` };
  }
  return found;
}
const JOINTS = new Set('and or then n plus'.split(' '));

function alone(tokens: readonly string[]): Signal | undefined {
  const first = tokens[0] ?? '';
  const last = tokens.at(-1) ?? '';
  for (const [i, token] of tokens.entries())
    if (ANYWHERE[token]?.split(' ').includes(tokens[i + 1] ?? ''))
      return { category: 'Destructive', weak: false, reason: `name says ${token} ${tokens[i + 1]}` };
  for (const at of VERBS.has(first) ? [0] : new Set([0, 1, tokens.length - 2])) {
    const phrase = PHRASES[`${tokens[at] ?? ''} ${tokens[at + 1] ?? ''}`];
    if (phrase !== undefined)
      return { category: phrase, weak: false, reason: `name says ${tokens[at]} ${tokens[at + 1]}` };
  }
  if (
    QUESTIONS.has(first) &&
    tokens.length > 1 &&
    !tokens.some((t, i) => ['and', 'or', 'then'].includes(t) && i > 0)
  )
    return { category: 'Read', weak: false, reason: `name asks a question (${first})` };
  if ((first === 'resolve' && ASKED_FOR.has(last)) || (first === 'dry' && tokens[1] === 'run'))
    return { category: 'Read', weak: false, reason: `name says ${first} … ${last}` };
  const lead = VERBS.get(first);
  // `run_query` is a command, `run_status` is not.
  const commanded = lead?.category === 'Execute' && VERBS.has(last);
  const aboutThing =
    lead?.category !== 'Read' &&
    tokens.length > 1 &&
    ALSO_NOUNS.has(first) &&
    READ_ENDINGS.has(last) &&
    !commanded;
  if (lead !== undefined && !aboutThing) return chained(lead, tokens);
  // `acme_run_query`, where nothing tells what acme is.
  const command = tokens.find((token) => /^(run|execute|exec)$/.test(token));
  if (last === 'query' && command !== undefined)
    return { category: 'Execute', weak: false, reason: `name says ${command} … ${last}` };
  const end = VERBS.get(last);
  const second = VERBS.get(tokens[1] ?? '');
  if (
    end !== undefined &&
    tokens.length > 1 &&
    !(end.category === 'Write' && ALSO_NOUNS.has(last) && !['update', 'set'].includes(last))
  ) {
    // `rollback_snapshot` behind a namespace: a weak last word says less than any verb before it.
    // `account_delete_and_get`: neither does it where two things are done.
    const worst = end.weak
      ? severest(tokens)
      : tokens.includes('and')
        ? severest(tokens.filter((token) => !ALSO_NOUNS.has(token)))
        : undefined;
    if (worst !== undefined && !worst.weak && RANK[worst.category] > RANK[end.category])
      return { category: worst.category, weak: false, reason: `name holds ${worst.base}` };
    return { category: end.category, weak: end.weak, reason: `name ends with ${last}` };
  }
  if (lead === undefined && second?.category === 'Read' && !second.weak && tokens.length > 2) {
    const worst = severest(tokens.slice(2).filter((token) => !ALSO_NOUNS.has(token)));
    if (worst === undefined || worst.weak || worst.category === 'Read')
      return chained(second, tokens.slice(1));
  }
  if (READ_ENDINGS.has(last)) {
    const inside = severest(tokens.slice(0, -1).filter((token) => !ALSO_NOUNS.has(token)));
    if (inside === undefined || inside.category === 'Read')
      return {
        category: 'Read',
        weak: tokens.length === 1 || inside === undefined,
        reason: `name ends with ${last}`,
      };
  }
  const clear = severest(tokens.filter((token) => !ALSO_NOUNS.has(token)));
  if (clear !== undefined)
    return { category: clear.category, weak: clear.weak, reason: `name holds ${clear.base}` };
  const noun = severest(tokens);
  return (
    noun && {
      category: noun.category,
      weak: noun.weak || last !== noun.base,
      reason: `name holds ${noun.base}`,
    }
  );
}

const ASKED_FOR = new Set(
  'id ids name names dns hostname host domain url path symbol library reference ref handle address version module'.split(
    ' ',
  ),
);

/** `get_or_create`, `read_write`, `find_and_replace`: a second verb counts where it is one. */
function chained(lead: Verb, tokens: readonly string[]): Signal {
  let category = lead.category;
  let reason = `name begins with ${tokens[0]}`;
  let weak = lead.weak;
  for (const [i, token] of tokens.entries()) {
    const joined = JOINTS.has(tokens[i - 1] ?? '');
    const verb = i === 0 ? undefined : VERBS.get(token);
    // `scan_and_xyz`: whatever that is, it is a second thing to do. `list_users_and_groups` is not.
    if (
      verb === undefined &&
      joined &&
      i === 2 &&
      category === 'Read' &&
      !READ_ENDINGS.has(tokens.at(-1) ?? '')
    ) {
      category = 'Write';
      reason = `name holds ${token} beside ${tokens[0]}`;
      weak = false;
    }
    if (verb === undefined || (verb.weak && !joined) || moreSevere(verb.category, category) === category)
      continue;
    const pair =
      i === 1 &&
      (tokens.length === 2 || VERBS.get(tokens[0] as string)?.weak === true) &&
      !ALSO_NOUNS.has(token);
    // `read_write_file`: two verbs, then the thing.
    const both =
      i === 1 && tokens.length === 3 && lead.category === 'Read' && BOTH.has(`${lead.base} ${token}`);
    if (!joined && !pair && !both) continue;
    category = verb.category;
    weak = false;
    reason = `name holds ${token} beside ${tokens[0]}`;
  }
  return { category, weak, reason };
}
const BOTH = new Set([
  'read write',
  'get set',
  'find replace',
  'fetch execute',
  'search replace',
  'read delete',
]);

/** The most severe verb among words; weak ones only where there is no other. */
export function severest(words: readonly string[]): Verb | undefined {
  let found: Verb | undefined;
  for (const word of words) {
    const verb = VERBS.get(word);
    if (verb === undefined || (verb.weak && found !== undefined)) continue;
    if (found === undefined || found.weak || RANK[verb.category] > RANK[found.category]) found = verb;
  }
  return found;
}
