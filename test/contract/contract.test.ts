import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { createRpcServer } from '../../shared/rpc/server.ts';
import type { Transport } from '../../shared/rpc/transport.ts';
import { carriers } from './carriers.ts';

const contract = {
  calls: {
    double: { input: z.strictObject({ n: z.number() }), output: z.number(), roles: ['manager'] },
    fail: { input: z.strictObject({ how: z.enum(['rpc', 'bug']) }), output: z.null(), roles: ['manager'] },
    wait: { input: z.strictObject({}), output: z.null(), roles: ['manager'] },
    lie: { input: z.strictObject({}), output: z.number(), roles: ['manager'] },
    secret: { input: z.strictObject({}), output: z.null(), roles: ['approver'] },
  },
  topics: { count: { event: z.object({ n: z.number() }), roles: ['manager'] } },
};

interface Bench {
  client: RpcClient<typeof contract>;
  transport: Transport;
  aborted: Promise<void>;
  topicOpen: () => boolean;
  publish: (n: number) => void;
  internal: unknown[];
  end(): Promise<void>;
}

for (const carrier of carriers) {
  describe(`the contract over ${carrier.name}`, () => {
    let bench: Bench | undefined;
    afterEach(() => bench?.end());

    async function open(): Promise<Bench> {
      const internal: unknown[] = [];
      const aborted = Promise.withResolvers<void>();
      const subscribers = new Set<(event: { n: number }) => void>();
      const server = createRpcServer(
        contract,
        {
          double: ({ n }) => n * 2,
          fail: ({ how }) => {
            if (how === 'bug') throw new TypeError('a bug');
            throw new RpcError('refused', 'Not today.', 'Come back tomorrow.');
          },
          wait: (_input, { signal }) =>
            new Promise((resolve) =>
              signal.addEventListener('abort', () => {
                aborted.resolve();
                resolve(null);
              }),
            ),
          lie: () => 'not a number' as never,
          secret: () => null,
        },
        {
          count: (send) => {
            subscribers.add(send);
            send({ n: 0 });
            return () => subscribers.delete(send);
          },
        },
        (_name, error) => internal.push(error),
      );
      const { client: transport, end } = await carrier.connect(
        (theirs) => void server.attach(theirs, 'manager'),
      );
      bench = {
        client: createRpcClient(contract, transport),
        transport,
        aborted: aborted.promise,
        topicOpen: () => subscribers.size > 0,
        publish: (n) => {
          for (const send of subscribers) send({ n });
        },
        internal,
        end,
      };
      return bench;
    }

    test('answers a call', async () => {
      const { client } = await open();
      expect(await client.call('double', { n: 21 })).toBe(42);
    });

    test('answers many calls at once, each its own', async () => {
      const { client } = await open();
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => client.call('double', { n })));
      expect(answers).toEqual(Array.from({ length: 200 }, (_, n) => n * 2));
    });

    test('refuses bad input with the place, an unknown call and a wrong role, each with its code', async () => {
      const { client } = await open();
      await expect(client.call('double', { n: 'x' } as never)).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringContaining('n:'),
      });
      await expect(client.call('toString' as never, {} as never)).rejects.toMatchObject({
        code: 'unknown_call',
      });
      await expect(client.call('secret', {})).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('carries code, message and fix of a refusal; a bug becomes internal and is reported', async () => {
      const { client, internal } = await open();
      await expect(client.call('fail', { how: 'rpc' })).rejects.toMatchObject({
        code: 'refused',
        message: 'Not today.',
        fix: 'Come back tomorrow.',
      });
      expect(internal).toEqual([]);
      await expect(client.call('fail', { how: 'bug' })).rejects.toMatchObject({
        code: 'internal',
        message: 'a bug',
      });
      expect(internal).toHaveLength(1);
    });

    test('an output that does not fit is an error, not a wrong value', async () => {
      const { client } = await open();
      await expect(client.call('lie', {})).rejects.toMatchObject({ code: 'internal' });
    });

    test('an abort reaches the handler', async () => {
      const { client, aborted } = await open();
      const abort = new AbortController();
      const call = client.call('wait', {}, abort.signal);
      abort.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await aborted;
    });

    test('a topic gives the present, then changes, until it is closed', async () => {
      const { client, publish, topicOpen } = await open();
      const seen: number[] = [];
      const three = Promise.withResolvers<void>();
      const close = client.open('count', ({ n }) => {
        seen.push(n);
        if (n === 0) publish(1);
        if (n === 1) publish(2);
        if (n === 2) three.resolve();
      });
      await three.promise;
      expect(seen).toEqual([0, 1, 2]);
      close();
      await client.call('double', { n: 1 });
      expect(topicOpen()).toBe(false);
    });

    test('when the carrier closes, waiting calls are refused and handlers aborted', async () => {
      const { client, transport, aborted } = await open();
      const call = client.call('wait', {});
      await client.call('double', { n: 1 });
      transport.close();
      await expect(call).rejects.toMatchObject({ code: 'disconnected' });
      await aborted;
      await expect(client.call('double', { n: 1 })).rejects.toMatchObject({ code: 'disconnected' });
    });

    test('text that is no frame is passed over', async () => {
      const { client, transport } = await open();
      transport.send('nonsense');
      transport.send('{"t":"call","id":"x"}');
      transport.send('[]');
      expect(await client.call('double', { n: 2 })).toBe(4);
    });
  });
}
