import type { Simulation } from '../../../../shared/schemas/simulation.ts';

/** "Of your last 500 calls this would have denied 14, asked 3. 12 calls are judged differently." */
export function simulationSentence(
  result: Pick<Simulation, 'calls' | 'before' | 'after' | 'changed' | 'unclear'>,
): string {
  const { calls, before, after, changed, unclear } = result;
  if (calls === 0) return 'No calls of this server are recorded yet, so there is nothing to try this on.';
  const sentences = [
    `Of your last ${calls === 1 ? 'call' : `${calls} calls`} this would have ${counted(after)}.`,
    changed === 0
      ? 'The policy in force judges each of them the same.'
      : `The policy in force would have ${counted(before)}; ${changed === 1 ? '1 call is' : `${changed} calls are`} judged otherwise.`,
  ];
  if (unclear > 0)
    sentences.push(
      `${unclear === 1 ? '1 call is' : `${unclear} calls are`} unclear: what the rules look at was redacted in the record.`,
    );
  return sentences.join(' ');
}

function counted({ deny, ask, hide }: Simulation['after']): string {
  return `denied ${deny}, asked ${ask}${hide === 0 ? '' : `, hidden ${hide}`}`;
}
