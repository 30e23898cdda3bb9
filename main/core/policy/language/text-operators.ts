import { RE2JS } from 're2js';
import { messageOf } from '../../../../shared/base/message-of.ts';
import type { Json } from '../../codec/types.ts';
import { globMatches } from './glob.ts';
import { regexFault } from './mistakes.ts';
import { bool, type Compiled, type Outcome, unfit, wrongType, YES } from './outcome.ts';
import { type RuleShape, shapeOf, unplain, unplainCommand, urlGlobMatches } from './plain-form.ts';

/** Makes the test of an operator that compares texts, or says what is wrong with its value. */
export function compileText(op: 'regex' | 'starts_with' | 'ends_with' | 'glob', value: string): Compiled {
  const text = (test: (arg: string) => Outcome) => ({
    test: (arg: Json) => (typeof arg === 'string' ? test(arg) : wrongType(arg, 'a text')),
  });
  if (op === 'ends_with')
    return text((arg) =>
      arg.includes('\0') ? unfit('it holds a NUL character') : bool(arg.endsWith(value)),
    );
  const shape = shapeOf(value);
  if (op === 'starts_with')
    return text((arg) => guarded(shape, arg, arg.startsWith(value), shape === 'command'));
  if (op === 'glob') {
    const matches = shape === 'url' ? urlGlobMatches : globMatches;
    return text((arg) => guarded(shape, arg, matches(value, arg), value.includes('*')));
  }
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(value);
  } catch (error) {
    const { fault, suggestion } = regexFault(value, messageOf(error));
    return { problem: `the regular expression is not understood: ${fault}`, suggestion };
  }
  const openEnd = /^(\(\?[a-ln-z]+\))?(\^|\\A)/.test(value) && !/(^|[^\\])(\\\\)*\$$/.test(value);
  return text((arg) => guarded(shape, arg, regex.matcher(arg).find(), openEnd));
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
