import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTool } from '../../../../main/core/policy/judge/describe-tool.ts';
import type { Checks } from '../../../../main/core/policy/language/compile.ts';
import { conditionText } from '../../../../main/core/policy/language/conditions.ts';
import { explainPolicy } from '../../../../main/core/policy/language/explain.ts';
import { limitText } from '../../../../main/core/policy/language/limits.ts';
import { policyOf } from '../helpers.ts';
import { document, TOOLS } from '../judge/policy-arbitrary.ts';

const SENTENCE = /^[^\n]*\S\.$/;
const LEFTOVER = /undefined|\[object/;

describe('explain()', () => {
  it('gives one sentence for every rule of any document', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(document, (made) => {
        const policy = policyOf(made);
        const sentences = explainPolicy(policy);
        for (const sentence of sentences) {
          expect(sentence).toMatch(SENTENCE);
          expect(sentence).not.toMatch(LEFTOVER);
        }
        const layers = [policy.base, ...policy.clients.values()];
        let expected = 0;
        for (const layer of layers) {
          const common = layer.allTools;
          expected += layer.default === null ? 0 : 1;
          expected += layer.hide.length + layer.exact.size + layer.globs.length;
          if (common !== null) expected += rulesIn(common);
        }
        expect(sentences).toHaveLength(expected);
        // Each check is said somewhere, unless its entry denies whatever the arguments.
        const said = sentences.join('\n');
        for (const layer of layers)
          for (const entry of [...layer.exact.values(), ...layer.globs]) {
            if (entry.action === 'deny' || entry.action === 'hide') continue;
            if (entry.denyIf.some(({ conditions }) => conditions.length === 0)) continue;
            for (const rule of [...entry.denyIf, ...entry.askIf, ...entry.allowIf])
              for (const condition of rule.conditions) expect(said).toContain(conditionText(condition));
            for (const condition of entry.require) expect(said).toContain(conditionText(condition));
            for (const limit of entry.limits) expect(said).toContain(limitText(limit));
          }
      }),
      { numRuns: 500 },
    );
  });

  it('describes every tool in one sentence or two, with the rule that applies', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(document, fc.constantFrom(...TOOLS), (made, tool) => {
        const { explain, rule, action } = describeTool(policyOf(made), tool);
        expect(explain).toMatch(SENTENCE);
        expect(explain).not.toMatch(LEFTOVER);
        expect(rule).toMatch(/^\//);
        expect(['allow', 'ask', 'deny', 'hide']).toContain(action);
      }),
      { numRuns: 500 },
    );
  });
});

function rulesIn({ denyIf, require, limits, askIf }: Checks): number {
  return denyIf.length + require.length + limits.length + askIf.length;
}
