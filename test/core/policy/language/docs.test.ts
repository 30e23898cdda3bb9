import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Operator } from '../../../../shared/schemas/policy.ts';
import { problemsOf } from '../helpers.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../docs/policy.md'), 'utf8');
const examples = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, example = '']) => example);

describe('docs/policy.md', () => {
  it.each(examples.map((example, i) => [i, example]))('example %i is accepted', (_i, example) => {
    const part = String(example).trim();
    // Examples are whole documents, or members of an entry or of the document.
    const document = part.startsWith('{')
      ? part
      : part.startsWith('"clients"')
        ? `{ "version": "1", ${part} }`
        : `{ "version": "1", "tools": { "t": { ${part} } } }`;
    expect(problemsOf(document)).toEqual([]);
  });
  it('names every operator', () => {
    expect(examples.length).toBeGreaterThan(2);
    for (const operator of Operator.options) expect(text).toContain(`\`${operator}\``);
  });
});
