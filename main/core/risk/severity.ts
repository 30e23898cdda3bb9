import type { Category, RiskFlag, Severity } from '../../../shared/schemas/common.ts';

const SEVERITY: Readonly<Record<Category, Severity>> = {
  Read: 'Low',
  Write: 'Medium',
  Execute: 'High',
  Destructive: 'Critical',
  Financial: 'Critical',
};
const SEVERITIES: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];

/** The severity of a category, raised by flags and by what is declared (docs/risk.md); nothing lowers it. */
export function severityOf(
  category: Category,
  flags: readonly RiskFlag[],
  declaredDestructive: boolean,
): Severity {
  let level = SEVERITIES.indexOf(SEVERITY[category]);
  const atLeast = (severity: Severity) => {
    level = Math.max(level, SEVERITIES.indexOf(severity));
  };
  if (flags.includes('secrets') || flags.includes('privilege')) atLeast('High');
  if (category === 'Read' && flags.includes('code')) atLeast('Medium');
  if (category === 'Read' && flags.includes('egress')) atLeast('Medium');
  if (category === 'Write' && (flags.includes('egress') || flags.includes('bulk'))) atLeast('High');
  if (declaredDestructive) atLeast('High');
  return SEVERITIES[level] as Severity;
}
