import type { pinCalls } from '../../../../shared/contract/pins.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { CoreParts } from '../../parts.ts';
import { mustHaveServer } from './known.ts';

/** Answers the calls about the definitions of tools. */
export function pinHandlers(parts: CoreParts): HandlersOf<typeof pinCalls> {
  const { pins } = parts;
  const mustExist = (server: string): void => mustHaveServer(parts, server);
  return {
    'pins.history': ({ server, tool }) => {
      mustExist(server);
      return pins.history(server, tool);
    },
    'pins.accept': ({ server, tool, hash }) => {
      mustExist(server);
      pins.accept(server, tool, hash);
      return null;
    },
    'pins.release': ({ server }) => {
      mustExist(server);
      pins.release(server);
      return null;
    },
  };
}
