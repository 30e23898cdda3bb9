import { modernVersion, type Peeked, paramsOf } from './peek.ts';

/** The parameter that the Mcp-Name header repeats (MCP 2026-07-28, transports, standard request headers; tasks extension). */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/**
 * The headers that MCP 2026-07-28 wants beside a message that names its own version; none for any other. stdio has no
 * headers, so the client never made them, and tools' `Mcp-Param-*` are not known here: `Drawbridge-Bridge` says so.
 */
export function mirroredHeaders(message: Peeked): Record<string, string> | undefined {
  const version = modernVersion(message);
  if (version === undefined || message.method === undefined) return undefined;
  const key = Object.hasOwn(NAMED, message.method) ? NAMED[message.method] : undefined;
  const name = key === undefined ? undefined : paramsOf(message)[key];
  return {
    'Drawbridge-Bridge': '1',
    // Neither may be encoded. The gateway says what is wrong when one is missing.
    ...(isPlain(version) ? { 'MCP-Protocol-Version': version } : {}),
    ...(isPlain(message.method) ? { 'Mcp-Method': message.method } : {}),
    ...(typeof name === 'string' ? { 'Mcp-Name': headerValue(name) } : {}),
  };
}

/** A value as it may stand in a header (MCP 2026-07-28, transports, value encoding). */
export function headerValue(value: string): string {
  if (isPlain(value) && !/^=\?base64\?.*\?=$/.test(value)) return value;
  return `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

/** Visible ASCII, with spaces and tabs inside only. */
function isPlain(value: string): boolean {
  return /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/.test(value);
}
