import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../../main/core/policy/language/explain.ts';
import { parsePolicy } from '../../../main/core/policy/language/parse.ts';
import { recommendPolicy } from '../../../main/core/risk/recommend.ts';
import type { Category, RiskFlag } from '../../../shared/schemas/common.ts';

const tool = (name: string, category: Category, ...flags: RiskFlag[]) => ({
  name,
  risk: { category, severity: 'Low' as const, flags, confidence: 1, reasons: [] },
});
const TOOLS = [
  tool('get_x', 'Read'),
  tool('get_secret', 'Read', 'secrets'),
  tool('create_x', 'Write'),
  tool('run_x', 'Execute'),
  tool('bash', 'Execute', 'code'),
  tool('delete_x', 'Destructive'),
  tool('pay', 'Financial'),
];

describe('recommended policies', () => {
  it.each([false, true])('strict: %s', (strict) => {
    const text = recommendPolicy(TOOLS, { strict });
    expect(parsePolicy(text)).toMatchObject({ ok: true, warnings: [] });
    expect(text).toMatchSnapshot();
    expect(explainPolicy(text)).toMatchSnapshot();
  });
  it('are policies whatever the tools are called', () => {
    for (const name of ['__proto__', 'toString', 'a*', '*', '', 'x'.repeat(500), 'a/b~c', '"quoted"\n'])
      for (const strict of [true, false])
        for (const category of ['Read', 'Write', 'Destructive', 'Financial'] as const)
          expect(parsePolicy(recommendPolicy([tool(name, category)], { strict })).ok).toBe(true);
  });
});
