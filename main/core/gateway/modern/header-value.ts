const PREFIX = '=?base64?';
const SUFFIX = '?=';
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Visible ASCII, with spaces and tabs inside only. */
const PLAIN = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

/** A value as it goes into a header (MCP 2026-07-28, transports, value encoding). */
export function encodeHeader(value: string): string {
  const plain = PLAIN.test(value) && !(value.startsWith(PREFIX) && value.endsWith(SUFFIX));
  return plain ? value : `${PREFIX}${Buffer.from(value).toString('base64')}${SUFFIX}`;
}

/** The value that a header stands for; undefined when it is not one the encoding can give. */
export function decodeHeader(header: string): string | undefined {
  if (!PLAIN.test(header)) return undefined;
  if (!header.startsWith(PREFIX) || !header.endsWith(SUFFIX)) return header;
  const coded = header.slice(PREFIX.length, -SUFFIX.length);
  if (!CANONICAL.test(coded)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(coded, 'base64'));
  } catch {
    return undefined;
  }
}
