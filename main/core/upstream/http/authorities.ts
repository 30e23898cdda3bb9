import * as tls from 'node:tls';

const UNKNOWN =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_UNTRUSTED)$/;

/** Whether a certificate was refused because nobody who is trusted has signed it. */
export function isUnknownAuthority({ code }: NodeJS.ErrnoException): boolean {
  return code !== undefined && UNKNOWN.test(code);
}

/**
 * The authorities that are trusted anyhow together with those of the operating system's certificate store, where companies
 * put their own. Undefined when that has none, or this runtime cannot read it (Node before 22.15). Read when it is needed:
 * it takes a while.
 */
export function systemAuthorities(): readonly string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  const system = tls.getCACertificates('system');
  return system.length === 0 ? undefined : [...tls.getCACertificates('default'), ...system];
}
