import { isObject } from '../../../shared/base/is-object.ts';
import type { Json, JsonObject, RpcMessage } from '../codec/types.ts';
import { ownRequest } from './messages.ts';
import type { Era } from './types.ts';

/** The modern revision Drawbridge itself speaks to servers. */
export const MODERN_VERSION = '2026-07-28';
/** The newest revision with an initialize handshake; what is asked for, a server answers with the one it speaks. */
export const LEGACY_VERSION = '2025-11-25';
/** Who Drawbridge is where it asks a server on its own account. */
const OWN_INFO = { name: 'drawbridge', title: 'Drawbridge', version: '1' };

const HEADER_MISMATCH = -32020;
const MISSING_CAPABILITY = -32021;
const UNSUPPORTED_VERSION = -32022;

/** A request of a modern revision: its params, with the metadata each one carries (MCP 2026-07-28, basic, _meta). */
export function modernRequest(id: string, method: string, params: JsonObject = {}): RpcMessage {
  return ownRequest(id, method, {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
      'io.modelcontextprotocol/clientInfo': OWN_INFO,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  });
}

/** The headers that mirror such a request over HTTP (MCP 2026-07-28, transports, request metadata). */
export function modernHeaders(method: string): Record<string, string> {
  return { 'MCP-Protocol-Version': MODERN_VERSION, 'Mcp-Method': method };
}

/** The params of an initialize of ours (MCP 2025-11-25, lifecycle). */
export function helloParams(): JsonObject {
  return { protocolVersion: LEGACY_VERSION, capabilities: {}, clientInfo: OWN_INFO };
}

/**
 * What an answer to a modern request says about its server (MCP 2026-07-28, versioning, backward compatibility): a
 * DiscoverResult or an error that only modern revisions have is `modern`, everything else `legacy`. A server that knows
 * these messages but names legacy revisions only is `legacy`: there is no other way to talk to it.
 */
export function eraOf({ result, error }: JsonObject): Era {
  if (isObject(result)) return eraOfVersions(result.supportedVersions);
  return isObject(error) ? eraOfError(error) : 'legacy';
}

/** True for an error that only a server of a modern revision gives. */
export function isModernError({ error }: JsonObject): boolean {
  return isObject(error) && eraOfError(error) === 'modern';
}

function eraOfError({ code, data }: JsonObject): Era {
  if (code === UNSUPPORTED_VERSION) return eraOfVersions(isObject(data) ? data.supported : undefined);
  if (code === MISSING_CAPABILITY)
    return isObject(data) && isObject(data.requiredCapabilities) ? 'modern' : 'legacy';
  return code === HEADER_MISMATCH ? 'modern' : 'legacy';
}

function eraOfVersions(versions: Json | undefined): Era {
  return Array.isArray(versions) && versions.some(isModernVersion) ? 'modern' : 'legacy';
}

/** Revisions are dates; a draft has another form and is younger than the last legacy one. */
function isModernVersion(version: Json): boolean {
  return typeof version === 'string' && (!/^\d{4}-\d\d-\d\d$/.test(version) || version > LEGACY_VERSION);
}
