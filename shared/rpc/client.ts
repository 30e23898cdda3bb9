import { type Frame, parseFrame, RpcError } from './frames.ts';
import type { Transport } from './transport.ts';

/** What a contract looks like to both ends: calls with zod schemas and roles, topics with a schema of their events. */
export interface ContractShape {
  calls: Record<string, { input: Schema; output: Schema; roles: readonly string[] }>;
  topics: Record<string, { event: Schema; roles: readonly string[] }>;
}
export interface Schema<T = unknown> {
  parse(value: unknown): T;
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}
export type In<S> = S extends { _zod: { input: infer I } } ? I : unknown;
export type Out<S> = S extends { _zod: { output: infer O } } ? O : unknown;

export interface RpcClient<C extends ContractShape> {
  /** Calls the core. Rejects with an {@link RpcError}; an abort sends `cancel` and rejects with code `cancelled`. */
  call<N extends keyof C['calls'] & string>(
    name: N,
    input: In<C['calls'][N]['input']>,
    signal?: AbortSignal,
  ): Promise<Out<C['calls'][N]['output']>>;
  /** Opens a topic; each event is handed to `onEvent`. Returns a function that closes it. */
  open<N extends keyof C['topics'] & string>(
    topic: N,
    onEvent: (event: Out<C['topics'][N]['event']>) => void,
  ): () => void;
  close(): void;
  /** Resolves when the carrier is gone. */
  readonly closed: Promise<void>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: RpcError): void;
  output: Schema;
}

/** The calling end of a contract over any carrier. Outputs and events are parsed too: a wrong core is found at once. */
export function createRpcClient<C extends ContractShape>(contract: C, transport: Transport): RpcClient<C> {
  let nextId = 1;
  let isClosed = false;
  const pending = new Map<number, Pending>();
  const topics = new Map<number, (data: unknown) => void>();
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<void>();

  const send = (frame: Frame): void => transport.send(JSON.stringify(frame));

  transport.onMessage((text) => {
    const frame = parseFrame(text);
    if (!frame) return;
    if (frame.t === 'event') {
      topics.get(frame.id)?.(frame.data);
      return;
    }
    if (frame.t !== 'ok' && frame.t !== 'err') return;
    const waiting = pending.get(frame.id);
    if (!waiting) return;
    pending.delete(frame.id);
    if (frame.t === 'err') {
      waiting.reject(new RpcError(frame.code, frame.message, frame.fix));
      return;
    }
    const parsed = waiting.output.safeParse(frame.output);
    if (parsed.success) waiting.resolve(parsed.data);
    else
      waiting.reject(
        new RpcError('internal', `The core's answer does not fit: ${issuesText(parsed.error.issues)}`),
      );
  });
  transport.onClose(() => {
    isClosed = true;
    for (const waiting of pending.values())
      waiting.reject(new RpcError('disconnected', 'The connection to the core is gone.'));
    pending.clear();
    topics.clear();
    resolveClosed();
  });

  return {
    call(name, input, signal) {
      const id = nextId++;
      const declared = contract.calls[name];
      if (!declared) return Promise.reject(new RpcError('unknown_call', `No call is named ${name}.`));
      if (isClosed)
        return Promise.reject(new RpcError('disconnected', 'The connection to the core is gone.'));
      if (signal?.aborted) return Promise.reject(new RpcError('cancelled', 'Cancelled.'));
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          if (!pending.delete(id)) return;
          send({ t: 'cancel', id });
          reject(new RpcError('cancelled', 'Cancelled.'));
        };
        const settle =
          <A extends unknown[]>(then: (...args: A) => void) =>
          (...args: A) => {
            signal?.removeEventListener('abort', abort);
            then(...args);
          };
        pending.set(id, {
          resolve: settle(resolve as (value: unknown) => void),
          reject: settle(reject),
          output: declared.output,
        });
        signal?.addEventListener('abort', abort);
        send({ t: 'call', id, name, input });
      });
    },
    open(topic, onEvent) {
      const id = nextId++;
      const declared = contract.topics[topic];
      if (!declared) throw new RpcError('unknown_call', `No topic is named ${topic}.`);
      topics.set(id, (data) => {
        onEvent(declared.event.parse(data) as Parameters<typeof onEvent>[0]);
      });
      if (!isClosed) send({ t: 'open', id, topic });
      return () => {
        if (topics.delete(id) && !isClosed) send({ t: 'close', id });
      };
    },
    close: () => transport.close(),
    closed,
  };
}

/** One line for a list of schema issues: `tools.pay.limits[0].max: expected number`. */
export function issuesText(issues: { path: PropertyKey[]; message: string }[]): string {
  return issues
    .map((issue) => {
      const path = issue.path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
        .join('');
      return path ? `${path.replace(/^\./, '')}: ${issue.message}` : issue.message;
    })
    .join('; ');
}
