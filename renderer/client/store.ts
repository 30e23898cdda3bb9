import { createListeners } from '../../shared/base/listeners.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type In, type Out, type RpcClient } from '../../shared/rpc/client.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import type { State } from '../../shared/schemas/state.ts';
import { en } from '../../shared/text/en.ts';
import { type Connect, WrongToken } from './transport.ts';

/** `lost`: trying again. `refused`: the token is wrong, and trying again cannot help. */
export type Link = 'connecting' | 'live' | 'lost' | 'refused';
export interface Snapshot {
  readonly link: Link;
  /** The last state seen; it stays while the connection is lost. */
  readonly state: State | null;
}
type Calls = Contract['calls'];
export type Input<N extends keyof Calls> = In<Calls[N]['input']>;
export type Output<N extends keyof Calls> = Out<Calls[N]['output']>;

export interface Store {
  get(): Snapshot;
  subscribe(listener: () => void): () => void;
  call<N extends keyof Calls & string>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Output<N>>;
  /** The activity tick, over every reconnection. Told once after each connection too. */
  onActivity(listener: (seq: number) => void): () => void;
  /** Tries again now instead of waiting for the back-off. */
  retry(): void;
  stop(): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/**
 * Keeps one connection to the core, and the state topic open on it: the whole first, then slices by `rev`. A gap in the
 * numbers opens the topic again; a lost carrier is connected again with back-off.
 */
export function createStore(connect: Connect): Store {
  let snapshot: Snapshot = { link: 'connecting', state: null };
  let client: RpcClient<Contract> | undefined;
  let closeState: (() => void) | undefined;
  let wait = FIRST_WAIT_MS;
  let wake: (() => void) | undefined;
  let stopped = false;
  const listeners = createListeners();
  const activity = new Map<(seq: number) => void, (() => void) | undefined>();

  const set = (next: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...next };
    listeners.tell();
  };

  const openState = (live: RpcClient<Contract>): void => {
    closeState?.();
    let rev: number | undefined;
    closeState = live.open('state', (event) => {
      if ('whole' in event) {
        rev = event.whole.rev;
        wait = FIRST_WAIT_MS;
        set({ link: 'live', state: event.whole });
      } else if (rev === undefined || event.rev !== rev + 1 || !snapshot.state) openState(live);
      else {
        rev = event.rev;
        set({ state: { ...snapshot.state, ...event.slice, rev } });
      }
    });
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        const transport = await connect();
        if (stopped) return transport.close();
        const live = createRpcClient(contract, transport);
        client = live;
        openState(live);
        for (const listener of activity.keys())
          activity.set(
            listener,
            live.open('activity', ({ seq }) => listener(seq)),
          );
        await live.closed;
      } catch (error) {
        if (error instanceof WrongToken) {
          set({ link: 'refused' });
          return;
        }
      }
      client = undefined;
      closeState = undefined;
      if (stopped) return;
      set({ link: 'lost' });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  };
  void run();

  return {
    get: () => snapshot,
    subscribe: listeners.add,
    call(name, input, signal) {
      if (!client) return Promise.reject(new RpcError('disconnected', en.app.link.gone, en.app.link.goneFix));
      return client.call(name, input, signal);
    },
    onActivity(listener) {
      activity.set(
        listener,
        client?.open('activity', ({ seq }) => listener(seq)),
      );
      return () => {
        activity.get(listener)?.();
        activity.delete(listener);
      };
    },
    retry() {
      wait = FIRST_WAIT_MS;
      wake?.();
    },
    stop() {
      stopped = true;
      wake?.();
      client?.close();
    },
  };
}
