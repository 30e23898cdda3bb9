/** What a client is tried for, in this order. */
export const STEPS = ['direct', 'routed', 'own token', 'told', 'put back', 'direct again'] as const;
export type StepName = (typeof STEPS)[number];

/** How it went with one client. */
export interface Outcome {
  readonly id: string;
  /** Package and version of the program that read the file. */
  readonly program: string;
  /** What each step showed, in few words; a step that was not reached is missing. */
  readonly shown: Partial<Record<StepName, string>>;
  /** The program could not be installed, with the reason. */
  readonly skipped?: string;
  readonly error?: string;
}

export function failed({ skipped, error }: Outcome): boolean {
  return skipped === undefined && error !== undefined;
}

/** All outcomes as aligned text, and a last line with the count. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = [
    ['client', 'program', ...STEPS],
    ...outcomes.map(({ id, program, shown, skipped }) => [
      id,
      program,
      ...STEPS.map((step, index) => {
        if (skipped !== undefined) return index === 0 ? 'SKIPPED' : '-';
        const reached = index === 0 || shown[STEPS[index - 1] as StepName] !== undefined;
        return shown[step] ?? (reached ? 'FAILED' : '-');
      }),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const good = outcomes.filter(({ skipped, error }) => skipped === undefined && error === undefined).length;
  const skips = outcomes.filter(({ skipped }) => skipped !== undefined);
  return [
    ...lines,
    '',
    ...skips.map(({ id, skipped = '' }) => `SKIPPED ${id}: ${skipped.split('\n')[0]}`),
    `${good} of ${outcomes.length} clients connect through Drawbridge and back${skips.length > 0 ? `; ${skips.length} not tried` : ''}.`,
  ].join('\n');
}
