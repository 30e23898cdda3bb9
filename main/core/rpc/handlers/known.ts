import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ServerConfig } from '../../../../shared/schemas/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreParts } from '../../parts.ts';

/** @throws RpcError `not_found` when no server with this name is registered */
export function mustHaveServer(parts: Pick<CoreParts, 'servers'>, name: string): void {
  configOf(parts, name);
}

/**
 * How a registered server is reached.
 * @throws RpcError `not_found` when no server with this name is registered
 */
export function configOf({ servers }: Pick<CoreParts, 'servers'>, name: string): ServerConfig {
  const config = servers.get(name);
  if (!config) throw new RpcError('not_found', refusals.noServer(name), refusals.listServers);
  return config;
}
