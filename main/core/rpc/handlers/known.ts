import { RpcError } from '../../../../shared/rpc/frames.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreParts } from '../../parts.ts';

/** @throws RpcError `not_found` when no server with this name is registered */
export function mustHaveServer({ servers }: Pick<CoreParts, 'servers'>, name: string): void {
  if (!servers.get(name)) throw new RpcError('not_found', refusals.noServer(name), refusals.listServers);
}
