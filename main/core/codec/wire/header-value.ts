const PREFIX = '=?base64?';
const SUFFIX = '?=';
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PLAIN = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Whether a value can stand in a header as it is: visible ASCII, with spaces and tabs inside only. */
export function isPlain(value: string): boolean {
  return PLAIN.test(value);
}

/** A value as it goes into a header (MCP 2026-07-28, transports, value encoding). */
export function encodeHeader(value: string): string {
  const plain = isPlain(value) && !(value.startsWith(PREFIX) && value.endsWith(SUFFIX));
  return plain ? value : `${PREFIX}${Buffer.from(value).toString('base64')}${SUFFIX}`;
}

/** The value that a header stands for; undefined when it is not one the encoding can give. */
export function decodeHeader(header: string): string | undefined {
  if (!isPlain(header)) return undefined;
  if (!header.startsWith(PREFIX) || !header.endsWith(SUFFIX)) return header;
  const coded = header.slice(PREFIX.length, -SUFFIX.length);
  if (!CANONICAL.test(coded)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(coded, 'base64'));
  } catch {
    return undefined;
  }
}

/** Which member of `params` the header Mcp-Name repeats (MCP 2026-07-28, transports; tasks extension, routing headers). */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The member of `params` that names what a request of this method is about. */
export function namedBy(method: string): string | undefined {
  return Object.hasOwn(NAMED, method) ? NAMED[method] : undefined;
}
