import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { decodeHeader, encodeHeader, namedBy } from '../../codec/wire/header-value.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { SentHeaders } from '../http/sent-headers.ts';
import { paramHeaders } from './param-headers.ts';

/** What a message is about: a tool, a prompt, a resource, a task. */
export function nameOf(message: RpcMessage): string | undefined {
  if (message.call) return message.call.name;
  const member = namedBy(message.method ?? '');
  if (member === undefined) return undefined;
  const { params } = message.value();
  const name = isObject(params) ? params[member] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/**
 * What is wrong with the headers that repeat the body (MCP 2026-07-28, transports, server validation). A notification may
 * leave them out, since the revision asks for none.
 */
export function headerFault(message: RpcMessage, headers: SentHeaders): string | undefined {
  const request = message.kind === 'request';
  const version = message.meta?.protocolVersion;
  const faults = [
    fault(headers, 'MCP-Protocol-Version', version ?? undefined, request, false),
    fault(headers, 'Mcp-Method', message.method, request, false),
  ];
  const found = faults.find((each) => each !== undefined);
  if (found !== undefined || (!request && !headers.values.has('mcp-name'))) return found;
  return fault(headers, 'Mcp-Name', nameOf(message), request, true);
}

function fault(
  headers: SentHeaders,
  name: string,
  expected: string | undefined,
  required: boolean,
  coded: boolean,
): string | undefined {
  const [value, ...more] = headers.values.get(name.toLowerCase()) ?? [];
  if (more.length > 0) return `Header mismatch: ${name} is there more than once.`;
  if (expected === undefined) return undefined;
  if (value === undefined) return required ? `Header mismatch: ${name} is missing.` : undefined;
  const said = coded ? decodeHeader(value) : value;
  if (said === undefined) return `Header mismatch: the value of ${name} is not encoded as it must be.`;
  return said === expected
    ? undefined
    : `Header mismatch: ${name} says ${JSON.stringify(said)}, the body ${JSON.stringify(expected)}.`;
}

/** The headers that repeat a call, with its arguments where its definition asks for that, or another request. */
export function requestHeaders(
  message: RpcMessage,
  definition: ToolEntry | undefined,
): Record<string, string> {
  const { call } = message;
  const headers = mirrored(message);
  return definition && call
    ? { ...headers, ...paramHeaders(definition.definition, call.arguments) }
    : headers;
}

/** The headers that repeat a message, as they go to an HTTP server. */
export function mirrored(message: RpcMessage): Record<string, string> {
  const headers: Record<string, string> = { 'Mcp-Method': encodeHeader(message.method ?? '') };
  const version = message.meta?.protocolVersion;
  if (typeof version === 'string') headers['MCP-Protocol-Version'] = encodeHeader(version);
  const name = nameOf(message);
  if (name !== undefined) headers['Mcp-Name'] = encodeHeader(name);
  return headers;
}
