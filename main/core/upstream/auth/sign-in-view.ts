import type { SignInView } from '../../../../shared/schemas/server.ts';
import type { Grant, Need } from './types.ts';

/** A sign-in that a browser is doing now. */
export interface Waiting {
  readonly issuer: string;
  readonly url: string;
  /** When it is given up (epoch, ms). */
  readonly until: number;
}

export interface SignInState {
  readonly grant: Grant | undefined;
  readonly waiting: Waiting | undefined;
  readonly need: Need | undefined;
}

/**
 * What people see of a sign-in; null when nothing is known of one.
 * @param running the server answers calls: what it wanted before that is over
 */
export function viewOf({ grant, waiting, need }: SignInState, running: boolean): SignInView | null {
  const text = need && (need.lasting || !running) ? need.text : null;
  if (waiting) {
    const { issuer, url, until } = waiting;
    return { state: 'waiting', issuer, url, until, renews: false, text };
  }
  if (grant?.tokens) {
    const { refresh, expiresAt } = grant.tokens;
    const { issuer } = grant;
    return {
      state: 'signed-in',
      issuer,
      url: null,
      until: expiresAt ?? null,
      renews: refresh !== undefined,
      text,
    };
  }
  if (!grant && !need) return null;
  return { state: 'needed', issuer: grant?.issuer ?? null, url: null, until: null, renews: false, text };
}
