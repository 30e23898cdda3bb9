import { joined } from '../../../../shared/text/model.ts';
import type { JsonObject, RpcMessage } from '../../codec/types.ts';
import { softwareOf, wantedVersion } from '../legacy/initialize.ts';
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
  const asked = wantedVersion(message);
  const protocolVersion = asked !== undefined && LEGACY_VERSIONS.has(asked) ? asked : NEWEST;
  return {
    protocolVersion,
    software: softwareOf(message),
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
      instructions: joined.instructions,
    },
  };
}
