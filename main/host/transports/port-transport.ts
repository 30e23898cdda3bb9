import type { Transport } from '../../../shared/rpc/transport.ts';

/** The part of Electron's MessagePortMain that is used. It is spelled out here, because host code knows no electron. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The contract over a MessagePort in a main or utility process. Messages wait in the port until there is a receiver. */
export function portTransport(port: MainPort): Transport {
  const closed: (() => void)[] = [];
  let open = true;
  const end = (): void => {
    if (!open) return;
    open = false;
    for (const tell of closed) tell();
  };
  port.on('close', end);
  return {
    send(text) {
      if (open) port.postMessage(text);
    },
    onMessage(receive) {
      port.on('message', ({ data }) => {
        if (open && typeof data === 'string') receive(data);
      });
      port.start();
    },
    onClose(tell) {
      closed.push(tell);
    },
    close() {
      if (!open) return;
      port.close();
      end();
    },
  };
}
