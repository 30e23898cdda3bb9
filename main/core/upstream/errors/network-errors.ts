/** Why a connection failed. `clause` goes after a colon, `fix` is a sentence of its own where something can be done. */
export interface NetworkReason {
  readonly clause: string;
  readonly fix?: string;
}

/** A reason in our own words. */
export class Reason extends Error {}

const CA_FIX =
  'Where it is signed by your company or by yourself, make the signing certificate known: add it to the certificate store of the operating system, or set NODE_EXTRA_CA_CERTS, or extraCaFile in settings.json, to its file (PEM) and start Drawbridge again.';
const PROXY_FIX =
  'It wants a name and a password, or others than those in the address of the proxy. Ask whoever runs it.';
const REACH_FIX = 'Check the address in its settings, and that the server runs.';

const HTTP2_ONLY: NetworkReason = {
  clause: 'it speaks HTTP/2 only, and Drawbridge speaks HTTP/1.1',
  fix: 'Whoever runs the server can let it speak HTTP/1.1 as well.',
};

/** Codes of a certificate that no trusted authority has signed. */
export const NO_AUTHORITY_CODE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_UNTRUSTED)$/;
const NO_AUTHORITY = (code: string): NetworkReason => ({
  clause: `its certificate is not valid (${code}): nobody this machine trusts has signed it`,
  fix: CA_FIX,
});

/** By error code of Node and OpenSSL; the first whose pattern fits counts. */
const TABLE: readonly (readonly [RegExp, (code: string) => NetworkReason])[] = [
  [/^ECONNREFUSED$/, () => ({ clause: 'nothing listens there (connection refused)' })],
  [
    /^(ENOTFOUND|EAI_\w+)$/,
    () => ({ clause: 'its name cannot be found', fix: 'Check the address and the network.' }),
  ],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)$/,
    () => ({ clause: 'it closed the connection' }),
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN)$/,
    () => ({ clause: 'there is no network route to it', fix: 'Check the network, or a VPN that is needed.' }),
  ],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, () => ({ clause: 'it does not answer' })],
  [
    /^(EACCES|EPERM)$/,
    () => ({ clause: 'this machine does not allow the connection', fix: 'Look at its firewall.' }),
  ],
  [
    /^(EMFILE|ENFILE|ENOBUFS)$/,
    () => ({ clause: 'too many files and connections are open on this machine' }),
  ],
  [NO_AUTHORITY_CODE, NO_AUTHORITY],
  [
    /^CERT_HAS_EXPIRED$/,
    (code) => ({
      clause: `its certificate is not valid (${code}): it is out of date`,
      fix: 'Whoever runs the server must renew it. Check the clock of this machine, too.',
    }),
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    (code) => ({
      clause: `its certificate is not valid (${code}): its time has not begun`,
      fix: 'Check the clock of this machine.',
    }),
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    (code) => ({
      clause: `its certificate is not valid (${code}): it is for another name than that of the address`,
      fix: 'Use the name that the certificate is for.',
    }),
  ],
  [
    /^(CERT_\w+|UNABLE_TO_\w+|\w*_CERT\w*|CRL_\w+|INVALID_CA|HOSTNAME_MISMATCH)$/,
    (code) => ({ clause: `its certificate is not valid (${code})` }),
  ],
  [
    /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD_LAYER_FAILURE))$/,
    () => ({
      clause: 'it does not speak TLS there',
      fix: 'If the server has no TLS, its address begins with http:// instead of https://.',
    }),
  ],
  [/NO_APPLICATION_PROTOCOL$/, () => HTTP2_ONLY],
  [/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_)\w+$/, (code) => ({ clause: `no secure connection came about (${code})` })],
  [
    /^HPE_\w+$/,
    (code) => ({
      clause: `it does not answer as an HTTP server does (${code})`,
      fix: 'Check the port, whether the address must begin with https://, and that the server speaks HTTP/1.1.',
    }),
  ],
  [
    /^ERR_INVALID_CHAR$/,
    () => ({
      clause: 'a header in its settings holds a character that no header may have',
      fix: 'Enter its value again: only Latin letters, digits and signs, on one line.',
    }),
  ],
  [
    /^ERR_INVALID_(HTTP_TOKEN|ARG_\w+)$/,
    () => ({
      clause: 'a header in its settings has a name that no header may have',
      fix: 'Correct its name.',
    }),
  ],
  [
    /^ERR_HTTP_INVALID_HEADER_VALUE$/,
    () => ({ clause: 'a header in its settings has no value', fix: 'Enter its value.' }),
  ],
  [
    /^(ERR_UNESCAPED_CHARACTERS|ERR_INVALID_URL)$/,
    () => ({ clause: 'its address holds characters that no address may have', fix: REACH_FIX }),
  ],
  [/^Z_\w+$|BROTLI|^ERR__ERROR_FORMAT|^ZSTD_/i, () => ({ clause: 'its compressed answer is damaged' })],
];

/** Why a connection failed, in words; never the text of the runtime. */
export function reasonOf(error: NodeJS.ErrnoException): NetworkReason {
  if (error instanceof Reason || error instanceof RangeError) return { clause: error.message };
  const { code, message } = error;
  // Node puts what OpenSSL says into the message; http to a TLS port has no code of its own in all versions.
  if (/wrong version number|packet length too long|ssl3_get_record/i.test(message))
    return reasonByCode('EPROTO');
  if (/no application protocol/i.test(message)) return HTTP2_ONLY;
  if (code === 'EPROTO' && /\balert\b/i.test(message))
    return {
      clause: 'it refused the encryption that was offered',
      fix: 'Ask whoever runs the server which versions of TLS, and whether a certificate of yours, it wants.',
    };
  if (code === 'ERR_PROXY_TUNNEL') {
    const clause = `the proxy refuses to connect to it (${message.split(': ').at(-1)})`;
    return /\b407\b/.test(message) ? { clause, fix: PROXY_FIX } : { clause };
  }
  // Several addresses of one name were tried.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0] as Error);
  if (code !== undefined) return reasonByCode(code);
  if (message === 'aborted' || /socket hang up|premature close/i.test(message))
    return { clause: 'it closed the connection' };
  return { clause: 'the connection failed' };
}

function reasonByCode(code: string): NetworkReason {
  const row = TABLE.find(([pattern]) => pattern.test(code));
  return row ? row[1](code) : { clause: `the connection failed (${code})` };
}

/** The clause alone. */
export function explain(error: NodeJS.ErrnoException): string {
  return reasonOf(error).clause;
}
