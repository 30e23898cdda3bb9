import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerPage, type PageText } from './page.ts';

export const CALLBACK_PATH = '/callback';
const MAX_URL = 16_384;

export interface CallbackDeps {
  /** Tried first; 0 for any. */
  readonly port: number;
  /** Takes what came back, and gives what the page says. Undefined when nobody waits for it. */
  take(path: string, params: URLSearchParams): Promise<PageText> | undefined;
}

/**
 * Where the browser comes back to (RFC 8252, 7.3): listens on 127.0.0.1 only while a sign-in is under way. Answers GET of
 * one path, and only under its own address: a name that was made to point here (DNS rebinding) and pages of other
 * origins are refused.
 */
export class CallbackListener {
  readonly #deps: CallbackDeps;
  #listening: Promise<{ server: Server; port: number }> | undefined;

  constructor(deps: CallbackDeps) {
    this.#deps = deps;
  }

  /** Listens, unless it does already, and gives the port. */
  async open(): Promise<number> {
    this.#listening ??= this.#listen();
    try {
      return (await this.#listening).port;
    } catch (error) {
      this.#listening = undefined;
      throw error;
    }
  }

  /** Stops listening; answers under way are still sent. */
  close(): void {
    const closing = this.#listening;
    this.#listening = undefined;
    closing?.then(
      ({ server }) => {
        server.close();
        server.closeIdleConnections();
      },
      // It never listened, and its opener already got the error.
      () => {},
    );
  }

  async #listen(): Promise<{ server: Server; port: number }> {
    const wanted = this.#deps.port;
    const bound = (await tryPort(wanted)) ?? (wanted === 0 ? undefined : await tryPort(0));
    if (!bound) throw new Error('No port of 127.0.0.1 could be opened for the browser to come back to.');
    const { port } = bound.address() as AddressInfo;
    bound.on('request', (request, response) => this.#answer(request, response, port));
    return { server: bound, port };
  }

  #answer(request: IncomingMessage, response: ServerResponse, port: number): undefined {
    const refuse = (status: number, text: string): undefined => {
      answerPage(response, status, { title: 'Not possible', text });
    };
    const { host, origin } = request.headers;
    if (host !== `127.0.0.1:${port}` || origin !== undefined)
      return refuse(403, 'This address is for the browser that comes back from a sign-in.');
    if (request.method !== 'GET') return refuse(405, 'Only GET is possible here.');
    const target = request.url ?? '/';
    const url =
      target.length <= MAX_URL && URL.canParse(target, `http://${host}`)
        ? new URL(target, `http://${host}`)
        : undefined;
    if (!url?.pathname.startsWith(CALLBACK_PATH)) return refuse(404, 'There is nothing at this address.');
    const taken = this.#deps.take(url.pathname, url.searchParams);
    if (!taken)
      return refuse(
        400,
        'This sign-in is not known, or it is over. Start it again in Drawbridge, and use the newest page.',
      );
    void taken.then(
      (page) => answerPage(response, page.failed ? 400 : 200, page),
      () => refuse(500, 'Drawbridge failed to finish this sign-in. Its log says more.'),
    );
  }
}

function tryPort(port: number): Promise<Server | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.removeAllListeners('error');
      // A broken connection must not end the process.
      server.on('clientError', (_error, socket) => socket.destroy());
      // Nothing of it keeps the process going: a command that ends gives up its sign-in.
      done(server);
    });
  });
}
