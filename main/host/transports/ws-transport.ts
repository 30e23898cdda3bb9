import { WebSocket } from 'ws';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { Transport } from '../../../shared/rpc/transport.ts';

/** Frames over an open WebSocket. */
export function webSocketTransport(socket: WebSocket): Transport {
  let receive: ((text: string) => void) | undefined;
  const early: string[] = [];
  socket.on('message', (data) => {
    const text = String(data);
    if (receive) receive(text);
    else early.push(text);
  });
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    onMessage(fn) {
      receive = fn;
      for (const text of early.splice(0)) fn(text);
    },
    onClose: (closed) => {
      if (socket.readyState === socket.CLOSED) closed();
      else socket.once('close', closed);
    },
    close: () => socket.close(),
  };
}

/** Connects to a running core's control socket. Rejects with RpcError `disconnected` when nothing answers. */
export function connectControl(url: string, token: string, role: 'manager' | 'approver'): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/control`);
    const fail = (why: string): void => {
      socket.terminate();
      reject(new RpcError('disconnected', `The core at ${url} does not answer: ${why}`));
    };
    socket.once('open', () => socket.send(role === 'manager' ? token : `${token} ${role}`));
    socket.once('error', (error) => fail(error.message));
    socket.once('close', (code) => fail(code === 4401 ? 'the token was refused' : `closed (${code})`));
    socket.once('message', (data) => {
      if (String(data) !== 'ready') return fail('unexpected first message');
      socket.removeAllListeners('close');
      socket.removeAllListeners('error');
      socket.on('error', () => socket.terminate());
      resolve(webSocketTransport(socket));
    });
  });
}
