import { type Contract, contract } from '../../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../../shared/rpc/client.ts';
import type { Transport } from '../../../shared/rpc/transport.ts';
import type { State } from '../../../shared/schemas/state.ts';
import { applyEvent } from './view.ts';

/**
 * The shell's own end of the contract: follows the state as the windows do.
 * @param onState each new state; not called while an event is missing and the whole is fetched again
 */
export function followCore(transport: Transport, onState: (state: State) => void): RpcClient<Contract> {
  const client = createRpcClient(contract, transport);
  let state: State | null = null;
  let close: () => void = () => {};
  const open = (): void => {
    close = client.open('state', (event) => {
      const next = applyEvent(state, event);
      state = next;
      if (next) return onState(next);
      close();
      open();
    });
  };
  open();
  return client;
}
