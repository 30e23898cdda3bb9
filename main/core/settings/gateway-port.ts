import { type AddressInfo, createServer } from 'node:net';

/** Tried first, so that hand-written configurations are easy to remember. */
const PREFERRED_PORT = 7717;

/** A port for the gateway that is free now. It is saved and kept: the clients' files name it. */
export async function chooseGatewayPort(): Promise<number> {
  return (await tryPort(PREFERRED_PORT)) ?? (await tryPort(0)) ?? PREFERRED_PORT;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
