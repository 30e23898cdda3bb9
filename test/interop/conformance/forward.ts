import { Agent, createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Forward {
  readonly url: string;
  close(): void;
}

/**
 * The suite cannot send a token, so this stands before the gateway and adds one, and nothing else: where the suite names
 * this address in Host and Origin, the gateway gets its own; every other host and origin goes on as it is. A connection
 * that ends on one side ends on the other.
 */
export async function forwardTo(target: string, token: string): Promise<Forward> {
  const { hostname, port, pathname, host } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const onward = send({
      agent,
      hostname,
      port,
      path: pathname,
      method: request.method,
      headers: headersOf(request, ownHost(), host, token),
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('close', () => {
        if (!answer.complete) response.destroy();
      });
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy();
    });
    request.pipe(onward);
  });
  const ownHost = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.timeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${ownHost()}/mcp`,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** The same headers in the same order and spelling. */
function headersOf(request: IncomingMessage, own: string, host: string, token: string): string[] {
  const headers: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(at, at + 2);
    const ours =
      (/^host$/i.test(name) && value === own) || (/^origin$/i.test(name) && value === `http://${own}`);
    headers.push(name, ours ? value.replace(own, host) : value);
  }
  return [...headers, 'Authorization', `Bearer ${token}`];
}
