import { RE2JS } from 're2js';
import { messageOf } from '../../../../../shared/base/message-of.ts';
import { globMatches } from '../glob.ts';
import { bool, type Outcome, unfit, wrongType, YES } from '../outcome.ts';
import { type RuleShape, shapeOf, unplain, unplainCommand, urlGlobMatches } from '../plain-form.ts';
import { TEXT } from './kinds.ts';
import { regexFault } from './regex-fault.ts';
import { type Fault, operator, type Test } from './row.ts';
import { globPitfalls, prefixPitfalls, regexOpen, regexPitfalls } from './text-pitfalls.ts';

export const regex = operator({
  alsoCalled: 'matches match regexp pattern re =~ ~',
  takes: TEXT,
  test: matchesPattern,
  pitfalls: regexPitfalls,
  open: regexOpen,
});
export const startsWith = operator({
  alsoCalled: 'prefix begins_with startswith begins',
  takes: TEXT,
  test(value) {
    const shape = shapeOf(value);
    return ofTexts((arg) => guarded(shape, arg, arg.startsWith(value), shape === 'command'));
  },
  pitfalls: prefixPitfalls,
});
export const endsWith = operator({
  alsoCalled: 'suffix endswith ends',
  takes: TEXT,
  test: (value) =>
    ofTexts((arg) => (arg.includes('\0') ? unfit('it holds a NUL character') : bool(arg.endsWith(value)))),
});
export const glob = operator({
  alsoCalled: 'like wildcard fnmatch',
  takes: TEXT,
  test(value) {
    const shape = shapeOf(value);
    const matches = shape === 'url' ? urlGlobMatches : globMatches;
    return ofTexts((arg) => guarded(shape, arg, matches(value, arg), value.includes('*')));
  },
  pitfalls: globPitfalls,
});

function ofTexts(test: (arg: string) => Outcome): Test {
  return (arg) => (typeof arg === 'string' ? test(arg) : wrongType(arg, 'a text'));
}

function matchesPattern(pattern: string): Test | Fault {
  const shape = shapeOf(pattern);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    const { fault, suggestion } = regexFault(pattern, messageOf(error));
    return { problem: `the regular expression is not understood: ${fault}`, suggestion };
  }
  const openEnd = /^(\(\?[a-ln-z]+\))?(\^|\\A)/.test(pattern) && !/(^|[^\\])(\\\\)*\$$/.test(pattern);
  return ofTexts((arg) => guarded(shape, arg, compiled.matcher(arg).find(), openEnd));
}

/**
 * The result of comparing text, unless the text is disguised. `open`: the rule says how the text begins and leaves the
 * rest open; then a match does not stand when the rest begins a new line, or a command hides another in it.
 */
function guarded(shape: RuleShape, text: string, matches: boolean, open: boolean): Outcome {
  const disguise = unplain(shape, text);
  if (disguise !== undefined) return unfit(disguise);
  if (!matches || !open) return bool(matches);
  if (/[\r\n\u2028\u2029]/.test(text)) return unfit('it goes on after a line break');
  const hidden = shape === 'command' ? unplainCommand(text) : undefined;
  return hidden === undefined ? YES : unfit(hidden);
}
