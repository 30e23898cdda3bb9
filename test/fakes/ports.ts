import { MessageChannel } from 'node:worker_threads';
import type { MainPort } from '../../main/host/transports/port-transport.ts';

/** Two joined ports in the shape of Electron's MessagePortMain, over Node's own message channel. */
export function portPair(): [MainPort, MainPort] {
  const { port1, port2 } = new MessageChannel();
  const wrap = (port: typeof port1): MainPort => {
    port.unref();
    return {
      postMessage: (message) => port.postMessage(message),
      on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
        if (event === 'close') return port.on('close', () => listener({ data: undefined }));
        port.on('message', (data: unknown) => listener({ data }));
        return port;
      },
      start: () => port.start(),
      close: () => port.close(),
    };
  };
  return [wrap(port1), wrap(port2)];
}
