import { isObject } from '../../../shared/base/is-object.ts';
import type { Risk, Severity } from '../../../shared/schemas/common.ts';
import { Category } from '../../../shared/schemas/common.ts';
import type { Json, JsonObject } from '../codec/types.ts';
import { classify } from '../risk/classify.ts';
import { eachText } from './walk.ts';

const SEVERITIES: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];
const CATEGORIES = Category.options;

/** Characters of a definition that are searched for warnings. */
const MAX_TEXT = 256 * 1024;

/** Warnings to the person or the model; what a tool says about its own danger. */
const WARNINGS: readonly [string, RegExp][] = [
  [
    'that it cannot be undone',
    /\b(irreversibl[ey]|cannot be (undone|reversed|recovered)|can't be undone|permanent(ly)?|no undo)\b/i,
  ],
  [
    'that it destroys or overwrites',
    /\b(destructive|destroys?|overwrit(es?|ing|ten)|wipes?|erases?|purges?)\b/i,
  ],
  [
    'that it is dangerous',
    /\b(danger(ous)?|use with (care|caution)|caution|be careful|warning|high[- ]risk)\b/i,
  ],
  [
    'that a person should confirm',
    /\b((user|explicit|human|manual) (confirmation|approval|consent)|confirm with the (user|person)|ask the (user|person)|requires? (confirmation|approval))\b/i,
  ],
  [
    'that it costs money',
    /\b(charges?d? (the|your|a)|billed|incurs? (a )?(costs?|charges?|fees?)|costs? (money|credits?)|payment)\b/i,
  ],
  ['that it handles secrets', /\b(sensitive (data|information)|secrets?|credentials?|private keys?)\b/i],
];

/**
 * How a definition declares less risk than the one before it, one sentence each; none when it does not. What raises risk
 * is no matter here: the risk class follows the new definition at once.
 */
export function loweredRisk(before: JsonObject, after: JsonObject, server: string): string[] {
  return [
    ...loweredHints(before, after),
    ...loweredClass(before, after, server),
    ...lostWarnings(before, after),
  ];
}

/** MCP 2025-11-25, tool annotations: absent means not read-only, destructive, not idempotent, open world. */
function loweredHints(before: JsonObject, after: JsonObject): string[] {
  const was = (key: string): Json | undefined => hint(before, key);
  const is = (key: string): Json | undefined => hint(after, key);
  const reasons: string[] = [];
  const tell = (key: string, why: string): void => {
    reasons.push(`annotations.${key} went from ${shown(was(key))} to ${shown(is(key))}: ${why}.`);
  };
  if (!claims(was('readOnlyHint')) && claims(is('readOnlyHint')))
    tell('readOnlyHint', 'it now says that it changes nothing');
  // To a tool that only reads, the next two say nothing.
  const readOnly = claims(was('readOnlyHint'));
  if (!readOnly && !denies(was('destructiveHint')) && denies(is('destructiveHint')))
    tell('destructiveHint', 'it now says that it destroys nothing');
  if (!readOnly && !claims(was('idempotentHint')) && claims(is('idempotentHint')))
    tell('idempotentHint', 'it now says that calling it again does no more');
  if (!denies(was('openWorldHint')) && denies(is('openWorldHint')))
    tell('openWorldHint', 'it now says that it deals with nothing outside');
  return reasons;
}

/** What readers in other languages take for yes and no as well. */
function claims(value: Json | undefined): boolean {
  return Boolean(value) && value !== 'false' && value !== '0';
}
function denies(value: Json | undefined): boolean {
  return value !== undefined && !claims(value);
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 40);
}

function hint(definition: JsonObject, key: string): Json | undefined {
  const annotations = member(definition, 'annotations');
  return isObject(annotations) ? member(annotations, key) : undefined;
}

/** The class by our own reading, where only words changed: a schema that lost an argument may rightly weigh less. */
function loweredClass(before: JsonObject, after: JsonObject, server: string): string[] {
  const now = riskOf(after, server);
  // The new schema with the old words: what the words alone did.
  const oldWords: JsonObject = Object.assign(Object.create(null), after);
  for (const key of ['title', 'description', 'annotations']) {
    const value = member(before, key);
    if (value === undefined) delete oldWords[key];
    else oldWords[key] = value;
  }
  const was = [riskOf(oldWords, server)];
  if (sameStructure(member(before, 'inputSchema'), member(after, 'inputSchema')))
    was.push(riskOf(before, server));
  for (const old of was) {
    if (CATEGORIES.indexOf(now.category) < CATEGORIES.indexOf(old.category))
      return [`By its words it was of the class ${old.category} and is now ${now.category}.`];
    if (SEVERITIES.indexOf(now.severity) < SEVERITIES.indexOf(old.severity))
      return [`By its words its severity was ${old.severity} and is now ${now.severity}.`];
  }
  return [];
}

function riskOf(definition: JsonObject, server: string): Risk {
  return classify({ ...definition, name: String(member(definition, 'name') ?? ''), server });
}

function lostWarnings(before: JsonObject, after: JsonObject): string[] {
  const old = wholeText(before);
  const now = wholeText(after);
  return WARNINGS.filter(([, words]) => words.test(old) && !words.test(now)).map(
    ([what, words]) => `It no longer says ${what}: "${words.exec(old)?.[0] ?? ''}" is gone.`,
  );
}

function wholeText(definition: JsonObject): string {
  const texts: string[] = [];
  let left = MAX_TEXT;
  eachText(definition, (text) => {
    if (left <= 0) return;
    texts.push(text.slice(0, left));
    left -= text.length;
  });
  return texts.join('\n');
}

/** Words within a schema, which change nothing about what it takes. */
const WORDS = new Set(['title', 'description', 'examples', 'default', '$comment']);

function sameStructure(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(bare(a ?? null, false)) === JSON.stringify(bare(b ?? null, false));
}

function bare(value: Json, names: boolean): Json {
  if (Array.isArray(value)) return value.map((one) => bare(one, false));
  if (!isObject(value)) return value;
  const kept: JsonObject = Object.create(null);
  for (const key of Object.keys(value).sort()) {
    if (!names && WORDS.has(key)) continue;
    kept[key] = bare(value[key] as Json, !names && (key === 'properties' || key === '$defs'));
  }
  return kept;
}

function member(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
