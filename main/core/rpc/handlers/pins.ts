import type { Contract } from '../../../../shared/contract.ts';
import type { Handlers } from '../../../../shared/rpc/server.ts';
import type { CoreParts } from '../../parts.ts';
import { mustHaveServer } from './known.ts';

type Names = 'pins.history' | 'pins.accept' | 'pins.release';

export function pinHandlers(parts: CoreParts): Pick<Handlers<Contract>, Names> {
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
