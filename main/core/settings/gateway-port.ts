import { type AddressInfo, createServer } from 'node:net';

/** Tried first, so that hand-written configurations are easy to remember. */
const PREFERRED_PORT = 7717;

/** A port for the gateway that is free now. It is saved and kept: the clients' files name it. */
export async function chooseGatewayPort(): Promise<number> {
  return (await freePort(PREFERRED_PORT)) ?? (await freePort(0)) ?? PREFERRED_PORT;
}

/** The port if it is free now, any free one for 0; undefined where it is taken. */
export function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
