import fc from 'fast-check';
import { expect, it } from 'vitest';
import { setTool } from '../../../../main/core/policy/documents/edit.ts';
import { editShortened } from '../../../../main/core/policy/language/edit-object.ts';
import { editJson } from '../../../../main/core/policy/language/json-edit.ts';
import { cpuTime } from '../../../kit/cpu-time.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'x*', '*'];
const documents = fc
  .record({
    keys: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 7 }),
    indent: fc.constantFrom(0, 2, 3, '\t'),
    tail: fc.boolean(),
    entry: fc.constantFrom({}, { action: 'ask' }, { limits: [{ window: 'day', max: 1 }] }),
  })
  .map(({ keys, indent, tail, entry }) =>
    JSON.stringify(
      {
        version: '1',
        tools: Object.fromEntries(keys.map((key) => [key, entry])),
        ...(tail ? { hide: ['z'] } : {}),
      },
      null,
      indent,
    ),
  );

it('an edit of the short text is the same edit of the long one, byte for byte', () => {
  const tools = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'n', 'm'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(documents, tools, (text, chosen) => {
      const change = (given: string) =>
        chosen.reduce((made, tool) => editJson(made, ['tools', tool, 'action'], 'deny'), given);
      expect(editShortened(text, chosen, change)).toBe(change(text));
      const hide = (given: string) => editJson(given, ['hide'], chosen);
      expect(editShortened(text, chosen, hide)).toBe(hide(text));
    }),
    { numRuns: 500 },
  );
});

it('changes a hundred tools of a long document soon', () => {
  const all = Array.from({ length: 1300 }, (_, i) => `tool_${i}`);
  const document = { version: '1', tools: Object.fromEntries(all.map((tool) => [tool, { action: 'ask' }])) };
  const text = JSON.stringify(document, null, 2);
  const chosen = all.filter((_, i) => i % 13 === 0);
  const started = cpuTime();
  const result = setTool(text, chosen, { action: 'deny' }, 'github');
  // Edit by edit this takes 2 s; the bound leaves room for a busy machine.
  expect(cpuTime() - started).toBeLessThan(1200);
  expect(JSON.parse(result)).toEqual({
    version: '1',
    tools: Object.fromEntries(all.map((tool) => [tool, { action: chosen.includes(tool) ? 'deny' : 'ask' }])),
  });
});
