// @module-tag slow
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, type ToolFacts } from '../../../main/core/risk/classify.ts';
import { RANK } from '../../../main/core/risk/signal.ts';
import { nameTokens } from '../../../main/core/risk/tokens.ts';
import { ALL_TOOLS } from './tools/table.ts';

const TOOLS = ALL_TOOLS.map(({ facts }) => facts);
const rank = (facts: ToolFacts) => RANK[classify(facts).category];
const anyTool = fc.constantFrom(...TOOLS);
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const STYLES: Record<string, (words: string[]) => string> = {
  snake: (words) => words.join('_'),
  kebab: (words) => words.join('-'),
  dotted: (words) => words.join('.'),
  path: (words) => words.join('/'),
  camel: (words) => words.map((word, i) => (i === 0 ? word : capital(word))).join(''),
  pascal: (words) => words.map(capital).join(''),
  screaming: (words) => words.join('_').toUpperCase(),
  title: (words) => words.map(capital).join(' '),
};

describe('the style of a name', () => {
  it.each(Object.entries(STYLES))('%s never changes the judgement', (_, style) => {
    let tried = 0;
    for (const tool of TOOLS) {
      const words = nameTokens(tool.name);
      // `2fa` after a letter looks like `turn2`.
      if (!words.every((word) => /^[a-z]{2,}$/.test(word))) continue;
      tried++;
      const { reasons: __, ...plain } = classify({ ...tool, name: words.join('_') });
      const { reasons: ___, ...styled } = classify({ ...tool, name: style(words) });
      expect([tool.name, styled]).toEqual([tool.name, plain]);
    }
    expect(tried).toBeGreaterThan(600);
  });
  it('a namespace in front of a name makes no tool Read that is not', () => {
    for (const { facts, categories } of ALL_TOOLS) {
      if (categories.includes('Read')) continue;
      const { category } = classify({ ...facts, name: `mcp__acme__${facts.name}` });
      expect([facts.name, category]).not.toEqual([facts.name, 'Read']);
    }
  });
});

describe('annotations', () => {
  it('readOnlyHint: true never makes what deletes or pays less', () => {
    for (const { annotations: _, ...tool } of TOOLS) {
      const before = rank(tool);
      if (before >= 3)
        expect([tool.name, rank({ ...tool, annotations: { readOnlyHint: true } })]).toEqual([
          tool.name,
          before,
        ]);
    }
  });
  it('hints that raise never lower', () => {
    fc.assert(
      fc.property(
        anyTool,
        fc.constantFrom(undefined, false),
        fc.boolean(),
        (tool, readOnlyHint, destructiveHint) => {
          const bare = { ...tool, annotations: undefined };
          expect(rank({ ...bare, annotations: { readOnlyHint, destructiveHint } })).toBeGreaterThanOrEqual(
            rank(bare),
          );
        },
      ),
    );
  });
  it('what is declared to change things is never Read', () => {
    for (const tool of TOOLS)
      expect(rank({ ...tool, annotations: { readOnlyHint: false } })).toBeGreaterThanOrEqual(1);
  });
});

describe('adding something dangerous', () => {
  const DESTRUCTIVE = ['delete', 'remove', 'purge', 'wipe', 'destroy', 'revoke'];
  it.each(DESTRUCTIVE)('%s in front of a name or at its end', (verb) => {
    for (const tool of TOOLS)
      for (const name of [`${verb}_${tool.name}`, `${tool.name}_and_${verb}`]) {
        expect([name, rank({ ...tool, name }) >= 3]).toEqual([name, true]);
      }
  });
  it.each([
    'It also deletes the originals.',
    'Then it permanently removes them.',
    'The old records are deleted.',
    'This charges the saved card.',
    'It silently revokes other sessions.',
  ])('a last sentence like "%s"', (sentence) => {
    for (const tool of TOOLS) {
      const description = `${tool.description || 'Returns the data'}. ${sentence}`.replaceAll('..', '.');
      expect([tool.name, rank({ ...tool, description }) >= 3]).toEqual([tool.name, true]);
    }
  });
  it('another choice of a method argument', () => {
    for (const tool of TOOLS) {
      const inputSchema = { properties: { action: { enum: ['get', 'delete'] } } };
      expect([tool.name, rank({ ...tool, inputSchema }) >= 3]).toEqual([tool.name, true]);
    }
  });
  it('texts that say they are harmless lower nothing by themselves', () => {
    for (const tool of TOOLS) {
      if (rank(tool) < 3) continue;
      const description = `This tool is read-only. ${tool.description}`;
      const name = classify({ name: tool.name, description: '' });
      expect([tool.name, rank({ ...tool, description }) >= Math.min(RANK[name.category], 3)]).toEqual([
        tool.name,
        true,
      ]);
    }
  });
});
