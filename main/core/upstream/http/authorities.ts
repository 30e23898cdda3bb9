import * as tls from 'node:tls';
import { NO_AUTHORITY_CODE } from '../errors/network-errors.ts';

/** Whether a certificate was refused because no trusted authority has signed it. */
export function isUnknownAuthority({ code }: NodeJS.ErrnoException): boolean {
  return code !== undefined && NO_AUTHORITY_CODE.test(code);
}

/**
 * The authorities that are trusted in any case, together with those of the operating system's certificate store, where companies
 * put their own. Undefined when that has none, or this runtime cannot read it (Node before 22.15). Read when it is needed:
 * it takes a while.
 */
export function systemAuthorities(): readonly string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  const system = tls.getCACertificates('system');
  return system.length === 0 ? undefined : [...tls.getCACertificates('default'), ...system];
}
