import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { startControlServer } from '../../main/host/transports/control-server.ts';
import { type MainPort, portTransport } from '../../main/host/transports/port-transport.ts';
import { connectControl } from '../../main/host/transports/ws-transport.ts';
import { memoryPair, type Transport } from '../../shared/rpc/transport.ts';

export interface Carrier {
  readonly name: string;
  /** Joins a client end to `attach`, which is given the server end. */
  connect(attach: (transport: Transport) => void): Promise<{ client: Transport; end(): Promise<void> }>;
}

/** The three carriers of the contract; every contract test runs over each of them. */
export const carriers: Carrier[] = [
  {
    name: 'memory',
    async connect(attach) {
      const [client, server] = memoryPair();
      attach(server);
      return { client, end: async () => client.close() };
    },
  },
  {
    name: 'MessagePort',
    async connect(attach) {
      const { port1, port2 } = new MessageChannel();
      attach(portTransport(asMainPort(port2)));
      const client = portTransport(asMainPort(port1));
      return { client, end: async () => client.close() };
    },
  },
  {
    name: 'WebSocket',
    async connect(attach) {
      const server = await startControlServer({ token: 'secret', port: null, uiDir: null, attach });
      const client = await connectControl(`ws://127.0.0.1:${server.port}`, 'secret', 'manager');
      return { client, end: () => server.stop() };
    },
  },
];

/** Node's ports give listeners the bare data, Electron's an event that holds it. */
function asMainPort(port: MessagePort): MainPort {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
      event === 'message' ? port.on('message', (data) => listener({ data })) : port.on('close', listener),
    start: () => port.start(),
    close: () => port.close(),
  };
}
