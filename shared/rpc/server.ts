import { messageOf } from '../base/message-of.ts';
import { type ContractShape, type In, issuesText, type Out } from './client.ts';
import { type Frame, parseFrame, RpcError } from './frames.ts';
import type { Transport } from './transport.ts';

export interface CallContext {
  readonly role: string;
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
}
/** What answers calls: one function for each, with the parsed input. */
export type HandlersOf<Calls extends ContractShape['calls']> = {
  [N in keyof Calls]: (
    input: Out<Calls[N]['input']>,
    context: CallContext,
  ) => Promise<In<Calls[N]['output']>> | In<Calls[N]['output']>;
};
export type Handlers<C extends ContractShape> = HandlersOf<C['calls']>;
/** Starts a topic for one subscriber: send what it must know now, then every change; returns how to stop. */
export type Topics<C extends ContractShape> = {
  [N in keyof C['topics']]: (
    send: (event: In<C['topics'][N]['event']>) => void,
    context: { role: string },
  ) => () => void;
};
export interface RpcServer {
  /** Serves one carrier under one role; returns how to stop serving it. */
  attach(transport: Transport, role: string): () => void;
}

/**
 * The answering end of a contract. Every input is parsed; an unknown call, a wrong role and a bad input are each
 * answered with an error of its own, never dropped.
 */
export function createRpcServer<C extends ContractShape>(
  contract: C,
  handlers: Handlers<C>,
  topics: Topics<C>,
  onInternalError: (name: string, error: unknown) => void,
): RpcServer {
  return {
    attach(transport, role) {
      const running = new Map<number, AbortController>();
      const open = new Map<number, () => void>();
      let live = true;
      const send = (frame: Frame): void => {
        if (live) transport.send(JSON.stringify(frame));
      };
      const fail = (id: number, error: unknown, name: string): void => {
        if (error instanceof RpcError) {
          send({
            t: 'err',
            id,
            code: error.code,
            message: error.message,
            ...(error.fix ? { fix: error.fix } : {}),
          });
          return;
        }
        onInternalError(name, error);
        send({
          t: 'err',
          id,
          code: 'internal',
          message: messageOf(error),
        });
      };

      const onCall = async (frame: Extract<Frame, { t: 'call' }>): Promise<void> => {
        const abort = new AbortController();
        running.set(frame.id, abort);
        try {
          const declared = Object.hasOwn(contract.calls, frame.name) ? contract.calls[frame.name] : undefined;
          const handler = handlers[frame.name as keyof C['calls']];
          if (!declared || !handler) throw new RpcError('unknown_call', `No call is named ${frame.name}.`);
          if (!declared.roles.includes(role))
            throw new RpcError('forbidden', `A ${role} may not call ${frame.name}.`);
          const parsed = declared.input.safeParse(frame.input);
          if (!parsed.success)
            throw new RpcError('bad_input', `${frame.name}: ${issuesText(parsed.error.issues)}`);
          const output = await handler(parsed.data as never, { role, signal: abort.signal });
          if (running.has(frame.id)) send({ t: 'ok', id: frame.id, output: output ?? null });
        } catch (error) {
          if (running.has(frame.id)) fail(frame.id, error, frame.name);
        } finally {
          running.delete(frame.id);
        }
      };

      const stop = (): void => {
        if (!live) return;
        live = false;
        for (const abort of running.values()) abort.abort();
        for (const end of open.values()) end();
        running.clear();
        open.clear();
      };

      transport.onClose(stop);
      transport.onMessage((text) => {
        const frame = parseFrame(text);
        if (!frame || !live) return;
        if (frame.t === 'call') void onCall(frame);
        else if (frame.t === 'cancel') {
          running.get(frame.id)?.abort();
          running.delete(frame.id);
        } else if (frame.t === 'open') {
          const declared = Object.hasOwn(contract.topics, frame.topic)
            ? contract.topics[frame.topic]
            : undefined;
          const start = topics[frame.topic as keyof C['topics']];
          if (!declared || !start)
            fail(frame.id, new RpcError('unknown_call', `No topic is named ${frame.topic}.`), frame.topic);
          else if (!declared.roles.includes(role))
            fail(frame.id, new RpcError('forbidden', `A ${role} may not open ${frame.topic}.`), frame.topic);
          else
            open.set(
              frame.id,
              start((data) => send({ t: 'event', id: frame.id, data }), { role }),
            );
        } else if (frame.t === 'close') {
          open.get(frame.id)?.();
          open.delete(frame.id);
        }
      });
      return stop;
    },
  };
}
