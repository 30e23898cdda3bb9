import { useCallback, useEffect, useRef, useState } from 'react';
import type { RpcError } from '../../../../shared/rpc/frames.ts';
import type { Simulation } from '../../../../shared/schemas/simulation.ts';
import { asRpcError, useStore } from '../../../client/hooks.ts';

export interface Simulating {
  readonly result: Simulation | undefined;
  /** The text that `result` or `error` is about. */
  readonly text: string | undefined;
  readonly error: RpcError | undefined;
  readonly running: boolean;
  run(text: string): void;
}

/** Tries texts on a server's recorded calls, the newest asked for last. */
export function useSimulation(server: string): Simulating {
  const store = useStore();
  const [state, setState] = useState<{ text?: string; result?: Simulation; error?: RpcError }>({});
  const [running, setRunning] = useState(false);
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);
  const run = useCallback(
    (text: string): void => {
      current.current?.abort();
      const abort = new AbortController();
      current.current = abort;
      setRunning(true);
      store.call('policy.simulate', { server, text }, abort.signal).then(
        (result) => {
          if (abort.signal.aborted) return;
          setState({ text, result });
          setRunning(false);
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setState({ text, error: asRpcError(error) });
          setRunning(false);
        },
      );
    },
    [store, server],
  );
  return { result: state.result, text: state.text, error: state.error, running, run };
}
