import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import { LEGACY_VERSIONS } from '../limits.ts';

export const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';

/**
 * Whether a message that belongs to no session is one of a modern revision (MCP 2026-07-28, versioning): it carries its
 * version itself. What names such a version in its header only, or asks a method that only such revisions have, is
 * treated alike, so that its sender hears what is missing. A session's id means nothing to such a revision.
 */
export function isModern(message: RpcMessage, headers: IncomingHttpHeaders): boolean {
  if (message.meta?.protocolVersion !== undefined) return true;
  if (message.method === 'initialize' || headers['mcp-session-id'] !== undefined) return false;
  const version = headers['mcp-protocol-version'];
  if (version !== undefined && !LEGACY_VERSIONS.has(String(version))) return true;
  return message.method === 'server/discover';
}

/** What is missing of the metadata each request carries (MCP 2026-07-28, overview, per-request protocol fields). */
export function missingMeta({ meta }: RpcMessage): string | undefined {
  if (typeof meta?.protocolVersion !== 'string')
    return 'Invalid params: _meta needs "io.modelcontextprotocol/protocolVersion", a string.';
  if (!meta.hasCapabilities)
    return 'Invalid params: _meta needs "io.modelcontextprotocol/clientCapabilities", an object.';
  return undefined;
}

/** The revision Drawbridge itself speaks, when it asks a server. */
const OWN_VERSION = '2026-07-28';

/** Under `_meta` of the gateway's own requests. */
export function ownMeta(): JsonObject {
  return {
    'io.modelcontextprotocol/protocolVersion': OWN_VERSION,
    'io.modelcontextprotocol/clientInfo': { name: 'drawbridge', title: 'Drawbridge', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
}

/** The headers that repeat such a request. */
export function modernHeaders(method: string): Record<string, string> {
  return { 'MCP-Protocol-Version': OWN_VERSION, 'Mcp-Method': method };
}
