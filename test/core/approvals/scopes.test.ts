import { describe, expect, it } from 'vitest';
import { createGrants } from '../../../main/core/approvals/grants.ts';
import type { TicketKey } from '../../../main/core/approvals/types.ts';
import { GRANT_SCOPES, LASTING_SCOPES, SCOPE_NAMES, scopeRow } from '../../../shared/approval-scopes.ts';
import { ApprovalScope } from '../../../shared/schemas/approval.ts';
import { grantEffect, scopeLabel, scopeList, scopeUsage } from '../../../shared/text/approval-scopes.ts';
import { FakeClock } from '../../fakes/clock.ts';

const KEY: TicketKey = {
  clientId: 'cursor',
  server: 'bank',
  tool: 'pay',
  argsDigest: 'sha256:1',
  definitionHash: 'sha256:2',
  policyVersion: '1',
};
const OTHER_CALL = { ...KEY, argsDigest: 'sha256:9' };
const OTHER_TOOL = { ...KEY, tool: 'refund' };

describe('the table of scopes', () => {
  it('is what the contract, the command line and the menu know', () => {
    expect(ApprovalScope.options).toEqual(SCOPE_NAMES);
    expect(scopeUsage.split('|')).toEqual(SCOPE_NAMES);
    expect(scopeList.split(/, | or /)).toEqual(SCOPE_NAMES);
    expect(SCOPE_NAMES.filter((name) => !(LASTING_SCOPES as readonly string[]).includes(name))).toEqual([
      'once',
    ]);
  });
  it('has other words for every scope, and says what it covers', () => {
    const labels = SCOPE_NAMES.map(scopeLabel);
    expect(new Set(labels).size).toBe(SCOPE_NAMES.length);
    for (const scope of GRANT_SCOPES)
      expect(grantEffect(scope)).toMatch(
        scopeRow(scope).covers === 'tool' ? /^This tool needs no question/ : /^This exact call needs no/,
      );
    expect(labels.slice(0, 3)).toEqual([
      'Allow once',
      'Allow this exact call for 15 minutes',
      expect.any(String),
    ]);
  });
});

describe.each(GRANT_SCOPES)('a grant of %s', (scope) => {
  const { covers, ms } = scopeRow(scope);
  it('covers what its row says, and nothing else', () => {
    const grants = createGrants(new FakeClock());
    grants.addLasting(KEY, 'a person', scope);
    const granted = { by: 'a person', scope };
    expect(grants.spend(KEY)).toEqual(granted);
    expect(grants.spend(KEY)).toEqual(granted);
    expect(grants.spend(OTHER_CALL)).toEqual(covers === 'tool' ? granted : undefined);
    expect(grants.spend(OTHER_TOOL)).toBeUndefined();
    expect(grants.spend({ ...KEY, policyVersion: '2' })).toBeUndefined();
    grants.clear('cursor');
    expect(grants.spend(KEY)).toBeUndefined();
  });
  it('lasts as long as its row says', () => {
    const clock = new FakeClock();
    const grants = createGrants(clock);
    grants.addLasting(KEY, 'a person', scope);
    clock.advance((ms ?? 30 * 24 * 3_600_000) - 1);
    expect(grants.spend(KEY)).toBeDefined();
    clock.advance(1);
    expect(grants.spend(KEY) !== undefined).toBe(ms === null);
  });
});
