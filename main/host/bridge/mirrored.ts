import { encodeHeader, isPlain, namedBy } from '../../core/codec/wire/header-value.ts';
import { modernVersion, type Peeked, paramsOf } from './peek.ts';

/**
 * The headers that MCP 2026-07-28 wants beside a message that names its own version; none for any other. stdio has no
 * headers, so the client did not send them, and tools' `Mcp-Param-*` are not known here: `Drawbridge-Bridge` says so.
 */
export function mirroredHeaders(message: Peeked): Record<string, string> | undefined {
  const version = modernVersion(message);
  if (version === undefined || message.method === undefined) return undefined;
  const key = namedBy(message.method);
  const name = key === undefined ? undefined : paramsOf(message)[key];
  return {
    'Drawbridge-Bridge': '1',
    // Neither may be encoded. The gateway says what is wrong when one is missing.
    ...(isPlain(version) ? { 'MCP-Protocol-Version': version } : {}),
    ...(isPlain(message.method) ? { 'Mcp-Method': message.method } : {}),
    ...(typeof name === 'string' ? { 'Mcp-Name': encodeHeader(name) } : {}),
  };
}
