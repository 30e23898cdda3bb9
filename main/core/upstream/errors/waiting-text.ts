import { sentences } from '../../../../shared/text/sentences.ts';

/** A server that has not answered for so long is shown as late, ms. */
export const LATE_MS = 60_000;

/** The request that has waited longest, and since when (monotonic, ms). */
export interface Waiting {
  readonly method: string;
  readonly since: number;
}

/** @param begun the beginning of a line of standard output whose end has not come */
export function unfinishedText(begun: string): string {
  return `It wrote to its standard output a line without an end, which is no message so far: ${JSON.stringify(begun.slice(0, 200))}.`;
}

/**
 * What people read about a server that keeps a client waiting.
 * @param method what it has not answered; undefined while it is being started
 * @param output what it wrote last, as {@link LogRing.lastOutput} gives it
 */
export function waitingText(method: string | undefined, ms: number, output: string): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  const time = minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const what =
    method === undefined ? `It has been starting for ${time}.` : `It has not answered ${method} for ${time}.`;
  return sentences(what, output === '' ? 'It has written nothing.' : output);
}
