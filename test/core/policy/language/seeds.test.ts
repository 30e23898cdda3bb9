import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../../../main/core/policy/language/explain.ts';
import { allowOnly, limited } from '../../../fixtures/policies/seeds.ts';
import { engineOf, facts, policyOf } from '../helpers.ts';

describe('documents of the public catalogue', () => {
  it.each(['check_image_status', 'check_job_status', 'get_process_status'])('%s alone is allowed', (tool) => {
    const { engine } = engineOf(JSON.parse(allowOnly(tool).text));
    expect(engine.judge(facts(tool))).toMatchObject({ decision: 'allow', rule: `/tools/${tool}` });
    expect(engine.judge(facts('delete_everything'))).toMatchObject({ decision: 'deny', rule: '/default' });
    expect(explainPolicy(policyOf(allowOnly(tool).text))).toEqual([
      'Tools that are not named here are denied.',
      `${tool} is allowed.`,
    ]);
  });

  it.each([10, 30])('generate_image is allowed %i times a minute for each client', (max) => {
    const { engine, clock } = engineOf(JSON.parse(limited(max).text));
    const start = clock.now();
    for (let i = 0; i < max; i++) {
      expect(engine.reserve(facts('generate_image', { i }), false).ok).toBe(true);
      clock.advance(10);
    }
    const verdict = engine.judge(facts('generate_image'));
    expect(verdict).toMatchObject({
      decision: 'deny',
      rule: '/tools/generate_image/limits/0',
      freeAt: start + 60_000,
    });
    expect(verdict.reason).toBe(
      `generate_image has reached its limit of ${max} times a minute for each client.`,
    );
    expect(engine.judge(facts('generate_image', {}, { clientId: 'other' })).decision).toBe('allow');
    clock.advance(60_000 - max * 10);
    expect(engine.judge(facts('generate_image')).decision).toBe('allow');
  });
});
