import { isObject } from '../../../../shared/base/is-object.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import { LEGACY_VERSIONS } from '../limits.ts';

/** The newest version that has sessions: offered to a client that asks for one we do not know. */
const NEWEST = '2025-11-25';

/**
 * The aggregate's answer to initialize, given before any server is started. It promises what a server may have; one that
 * has no prompts simply adds none to the list.
 */
export function welcome(message: RpcMessage): {
  protocolVersion: string;
  software: string;
  result: JsonObject;
} {
  const { params } = message.value();
  const asked = isObject(params) ? params.protocolVersion : undefined;
  const info = isObject(params) && isObject(params.clientInfo) ? params.clientInfo : undefined;
  const protocolVersion = typeof asked === 'string' && LEGACY_VERSIONS.has(asked) ? asked : NEWEST;
  return {
    protocolVersion,
    software: info ? `${String(info.name)} ${String(info.version)}`.slice(0, 200) : '',
    result: {
      protocolVersion,
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        completions: {},
      },
      serverInfo: { name: 'drawbridge', title: 'Drawbridge', version: '1' },
      instructions:
        'These are the tools of several MCP servers. The part of a name before the first "__" says which server it belongs to.',
    },
  };
}
