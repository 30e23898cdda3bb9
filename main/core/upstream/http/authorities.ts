import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { authorities as t } from '../../../../shared/text/core/authorities.ts';
import { systemReason } from '../../base/system-reason.ts';
import { NO_AUTHORITY_CODE, Reason } from '../errors/network-errors.ts';

/** Whether a certificate was refused because no trusted authority has signed it. */
export function isUnknownAuthority({ code }: NodeJS.ErrnoException): boolean {
  return code !== undefined && NO_AUTHORITY_CODE.test(code);
}

/**
 * The authorities that are trusted in any case, together with those of the operating system's certificate store, where companies
 * put their own, and of one more file. Undefined when there are none, or this runtime cannot read the store (Node before
 * 22.15). Read when it is needed: it takes a while.
 * @param more a file in PEM form
 * @throws Reason when that file cannot be used
 */
export async function moreAuthorities(more: string | undefined): Promise<readonly string[] | undefined> {
  const given = more === undefined ? [] : await authoritiesIn(more, (file) => readFile(file, 'utf8'));
  if (typeof tls.getCACertificates !== 'function')
    return given.length === 0 ? undefined : [...tls.rootCertificates, ...given];
  const system = tls.getCACertificates('system');
  if (system.length + given.length === 0) return undefined;
  return [...tls.getCACertificates('default'), ...system, ...given];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates of a file.
 * @throws Reason, a clause that names the file, when it cannot be read, holds none, or one that is damaged
 */
export async function authoritiesIn(
  file: string,
  read: (file: string) => Promise<string>,
): Promise<readonly string[]> {
  let text: string;
  try {
    text = await read(file);
  } catch (error) {
    throw new Reason(t.unreadable(file, systemReason({ code: (error as NodeJS.ErrnoException).code })));
  }
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Reason(t.none(file));
  for (const [at, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch {
      throw new Reason(t.damaged(file, at + 1));
    }
  }
  return found;
}
