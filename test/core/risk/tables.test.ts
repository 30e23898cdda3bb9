import { describe, expect, it } from 'vitest';
import { classify } from '../../../main/core/risk/classify.ts';
import { score } from '../../../main/core/risk/scoreboard.ts';
import { Severity } from '../../../shared/schemas/common.ts';
import { ALL_TOOLS } from './tools/table.ts';

const SEVERITIES = Severity.options;

describe('tools judged by hand', () => {
  it('there are enough of them, each once, and of every class', () => {
    expect(ALL_TOOLS.length).toBeGreaterThan(800);
    const keys = ALL_TOOLS.map(({ facts }) => JSON.stringify(facts));
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(new Set(ALL_TOOLS.map(({ categories }) => categories[0])).size).toBe(5);
  });
  it.each(ALL_TOOLS.map((tool) => [`${tool.facts.server ?? ''} ${tool.facts.name}`, tool] as const))(
    '%s',
    (_, { facts, categories, severity, flags }) => {
      const risk = classify(facts);
      expect(categories, risk.reasons.join('; ')).toContain(risk.category);
      expect(SEVERITIES.indexOf(risk.severity)).toBeGreaterThanOrEqual(SEVERITIES.indexOf(severity));
      expect(risk.flags).toEqual(expect.arrayContaining([...flags]));
    },
  );
  it('thin evidence is said to be thin, and never makes a sure Read', () => {
    for (const { facts } of ALL_TOOLS) {
      const risk = classify(facts);
      if (String(facts.description).trim() === '' && risk.category === 'Read')
        expect([facts.name, risk.confidence]).toEqual([facts.name, expect.closeTo(0.6, 0.06)]);
      if (risk.confidence < 0.6)
        expect(risk.reasons.join('; '), facts.name).toMatch(/unclear: |nothing says what it does/);
    }
  });
});

describe('the scoreboard', () => {
  it('counts, and puts the worst errors first', () => {
    const rows = [
      { name: 'delete_x', label: 'Read' },
      { name: 'get_a', label: 'Write' },
      { name: 'get_b', label: 'Financial' },
      { name: 'get_c', label: 'Write', also: ['Read'] as const },
      { name: 'create_d', label: 'Destructive' },
      { name: 'create_e', label: 'changes' },
    ];
    const board = score(rows, classify);
    expect(board.misses.map(({ row }) => row.name)).toEqual(['get_b', 'get_a', 'create_d', 'delete_x']);
    expect(board.agreement).toBeCloseTo(2 / 6);
    expect(board.readPrecision).toBeCloseTo(1 / 3);
    expect(board.calibration.reduce((sum, { rows: n }) => sum + n, 0)).toBe(6);
    expect(board.text).toContain('precision on Read 33.3 %');
  });
});
