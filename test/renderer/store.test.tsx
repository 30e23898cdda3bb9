import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStore, type Store } from '../../renderer/client/store.ts';
import { connectPreload, connectWebSocket, takeToken, WrongToken } from '../../renderer/client/transport.ts';
import { contract } from '../../shared/contract.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { memoryPair, type Transport } from '../../shared/rpc/transport.ts';
import { createUiCore } from '../fakes/ui/ui-core.ts';

let store: Store | undefined;
afterEach(() => {
  store?.stop();
  vi.useRealTimers();
});

function join(core = createUiCore('routed')) {
  const carriers: Transport[] = [];
  const joined = createStore(async () => {
    const [client, server] = memoryPair();
    core.attach(server, 'manager');
    carriers.push(client);
    return client;
  });
  store = joined;
  const until = (test: () => boolean) => vi.waitFor(() => expect(test()).toBe(true), 60_000);
  return { core, store: joined, carriers, until };
}

describe('the store', () => {
  it('takes the whole, then slices, and keeps the slices that did not change', async () => {
    const { core, store, until } = join();
    await until(() => store.get().link === 'live');
    const { clients } = store.get().state ?? {};
    core.patch({ mode: { mode: 'raised', until: null } });
    await until(() => store.get().state?.mode.mode === 'raised');
    expect(store.get().state?.clients).toBe(clients);
  });

  it('opens the topic again when a slice was lost', async () => {
    const { core, store, until } = join();
    await until(() => store.get().link === 'live');
    core.patchWithGap({ today: { calls: 7, denied: 0, asked: 0 } });
    await until(() => store.get().state?.today.calls === 7);
    expect(store.get().state?.rev).toBe(core.state.rev);
    core.patch({ today: { calls: 8, denied: 0, asked: 0 } });
    await until(() => store.get().state?.today.calls === 8);
  });

  it('connects again with growing waits, keeps the old state meanwhile, and follows the new core', async () => {
    vi.useFakeTimers();
    const core = createUiCore('routed');
    let attempts = 0;
    let isDown = false;
    const carriers: Transport[] = [];
    store = createStore(async () => {
      attempts += 1;
      if (isDown) throw new RpcError('disconnected', 'down');
      const [client, server] = memoryPair();
      core.attach(server, 'manager');
      carriers.push(client);
      return client;
    });
    const ticks: number[] = [];
    store.onActivity((seq) => ticks.push(seq));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.get().link).toBe('live');
    isDown = true;
    carriers[0]?.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.get().link).toBe('lost');
    expect(store.get().state?.servers.length).toBeGreaterThan(0);
    await expect(store.call('core.state', {})).rejects.toMatchObject({ code: 'disconnected' });
    await vi.advanceTimersByTimeAsync(250 + 500 + 1000 + 2000 + 4000);
    expect(attempts).toBe(6);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(attempts).toBe(8);
    isDown = false;
    store.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.get().link).toBe('live');
    const [row] = core.activity;
    if (row) core.addCall({ ...row, seq: 401 });
    await vi.advanceTimersByTimeAsync(0);
    expect(ticks).toEqual([401]);
  });

  it('gives up on a wrong token', async () => {
    const connect = vi.fn(() => Promise.reject(new WrongToken()));
    store = createStore(connect);
    await vi.waitFor(() => expect(store?.get().link).toBe('refused'), 60_000);
    expect(connect).toHaveBeenCalledTimes(1);
  });
});

describe('the carriers', () => {
  it('takes the token out of the address and keeps it for a reload', () => {
    window.location.hash = '#token=abc%2B1';
    expect(takeToken(window)).toBe('abc+1');
    expect(window.location.href).not.toContain('abc');
    expect(takeToken(window)).toBe('abc+1');
  });

  it('does not connect without a token', async () => {
    await expect(connectWebSocket('ws://127.0.0.1:9/control', null)).rejects.toBeInstanceOf(WrongToken);
  });

  it('makes a new transport for each ready of the preload script and ends the one before', async () => {
    let say: (text: string) => void = () => undefined;
    const sent: string[] = [];
    const connect = connectPreload({
      send: (text) => sent.push(text),
      onMessage: (receive) => {
        say = receive;
      },
    });
    const waiting = connect();
    say('ready');
    const first = await waiting;
    const got: string[] = [];
    const ended: string[] = [];
    say('early');
    first.onMessage((text) => got.push(text));
    first.onClose(() => ended.push('first'));
    say('{"t":"ok"}');
    expect(got).toEqual(['early', '{"t":"ok"}']);
    say('lost');
    expect(ended).toEqual(['first']);
    first.send('late');
    expect(sent).toEqual([]);
    const next = connect();
    say('ready');
    (await next).send('hello');
    expect(sent).toEqual(['hello']);
  });
});

it('parses every output of the fake core with the contract', () => {
  const core = createUiCore('routed');
  expect(contract.calls['core.state'].output.safeParse(core.state).error).toBeUndefined();
});
