import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ended } from '../../../../shared/text/model.ts';
import { doneWithin } from '../../base/bounded.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import { ClientPatience } from '../call/patience.ts';
import {
  ALL,
  bearer,
  checkBody,
  checkBodyIsJson,
  checkSource,
  type GuardRefusal,
  serverOfPath,
} from '../http/guard.ts';
import { plain, rpcError, SESSION_NOT_FOUND } from '../http/http-answers.ts';
import type { ClientSession } from '../legacy/client-session.ts';
import { DEFAULT_LIMITS, SESSION_HEADER } from '../limits.ts';
import { Lanes } from '../modern/lanes.ts';
import { listen } from '../streams/listen-stream.ts';
import type { Gateway, GatewayDeps } from '../types.ts';
import { PortTaken } from './port-taken.ts';
import { handlePost } from './post.ts';
import { Sessions } from './sessions.ts';

/** Idle connections of clients are kept this long, ms. */
const KEEP_ALIVE_MS = 75_000;

/** When stopping: how long clients may take to read their last answers, ms. */
const LAST_BYTES_MS = 500;
/** When stopping: how long connections to servers may take to end, ms. A child is killed after 5 s. */
const ENDING_MS = 10_000;

/** Makes the gateway. Nothing listens before start. */
export function createGateway(given: GatewayDeps): Gateway {
  const deps: GatewayDeps = { ...given, patience: given.patience ?? new ClientPatience() };
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const sessions = new Sessions(deps, limits);
  const lanes = new Lanes(deps, limits);
  let server: Server | undefined;
  const left = new Set<Server>();
  let port = 0;
  let stopTicking: (() => void) | undefined;
  let stopping = false;

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const handled = handle(request, response);
    handled?.catch((error: Error) => {
      if (request.destroyed && !request.complete) return;
      deps.log('error', 'a request to the gateway failed', error);
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'Drawbridge failed to handle this request. Its log says more.');
    });
  };

  const handle = (request: IncomingMessage, response: ServerResponse): Promise<void> | undefined => {
    const { headers, method } = request;
    if (stopping) return deny(response, { status: 503, message: ended.stopping }, { Connection: 'close' });
    // What came over a connection to the port before {@link Gateway.move} names that one.
    const refused = checkSource(
      headers,
      request.socket.localPort ?? port,
      deps.settings.get().allowedOrigins,
    );
    if (refused) return deny(response, refused);
    const name = serverOfPath(request.url ?? '/');
    if (name === undefined)
      return deny(response, { status: 404, message: 'There is nothing at this address.' });
    const body = method === 'POST' ? checkBody(headers) : undefined;
    if (body) return deny(response, body);
    const token = bearer(headers);
    const client = token === undefined ? undefined : deps.identities.byToken(token);
    if (!client) {
      const message = 'This endpoint needs the token of a client of Drawbridge: Authorization: Bearer …';
      return deny(response, { status: 401, message }, { 'WWW-Authenticate': 'Bearer' });
    }
    if (method !== 'POST' && method !== 'GET' && method !== 'DELETE') {
      plain(response, 405, 'Use POST, GET or DELETE.', { Allow: 'POST, GET, DELETE' });
      return undefined;
    }
    if (name !== ALL && !deps.hasServer(name)) {
      const text = `Drawbridge has no server named "${name}". It may have been removed; connect this client again or restore its settings.`;
      rpcError(response, 404, SESSION_NOT_FOUND, text);
      return undefined;
    }
    if (method === 'POST') {
      const untyped = checkBodyIsJson(headers);
      if (untyped) return deny(response, untyped);
      return handlePost({ deps, sessions, lanes, client, server: name, request, response });
    }
    if (headers['mcp-session-id'] === undefined) return withoutSession(response, name);
    const session = sessionOf(request, response, client, name);
    if (!session) return undefined;
    if (method === 'DELETE') {
      sessions.end(session, ended.byClient);
      response.writeHead(200, { 'Content-Length': '0' });
      response.end();
    } else listen(session, request, response);
    return undefined;
  };

  /** A GET or DELETE that names no session: in modern revisions there are none (2026-07-28, transports). */
  const withoutSession = async (response: ServerResponse, name: string): Promise<void> => {
    let modern = false;
    try {
      modern = name !== ALL && (await deps.upstreams.era(name)) === 'modern';
    } catch (error) {
      deps.log('debug', `whether ${name} knows sessions is not known`, error);
    }
    if (modern) plain(response, 405, 'This server is used with POST only.', { Allow: 'POST' });
    else rpcError(response, 400, SESSION_NOT_FOUND, `The ${SESSION_HEADER} header is missing.`);
  };

  const sessionOf = (
    request: IncomingMessage,
    response: ServerResponse,
    client: ClientIdentity,
    name: string,
  ): ClientSession | undefined => {
    const id = request.headers['mcp-session-id'];
    const session = typeof id === 'string' ? sessions.find(id, client, name) : undefined;
    if (!session)
      rpcError(response, 404, SESSION_NOT_FOUND, 'This session is not known. Initialize a new one.');
    return session;
  };

  /** Listens, and from then on is the one that is closed at the end. Resolves with the port. */
  const open = (wanted: number | null): Promise<number> => {
    const listening = createServer(answer);
    listening.keepAliveTimeout = KEEP_ALIVE_MS;
    // A stream may be silent for hours; only reading a request has a time limit.
    listening.timeout = 0;
    return new Promise((done, fail) => {
      listening.once('error', (error: NodeJS.ErrnoException) => {
        fail(error.code === 'EADDRINUSE' ? new PortTaken(wanted ?? 0) : error);
      });
      listening.listen({ host: '127.0.0.1', port: wanted ?? 0, exclusive: true }, () => {
        const address = listening.address();
        server = listening;
        listening.on('error', (error) => deps.log('error', 'the gateway socket failed', error));
        done(typeof address === 'object' && address ? address.port : 0);
      });
    });
  };

  return {
    async start(wanted) {
      port = await open(wanted);
      stopTicking = deps.clock.every(limits.tickMs, () => {
        sessions.tick();
        lanes.tick();
      });
      return { port };
    },
    async move(wanted) {
      const old = server;
      if (wanted === port && old) return { port };
      port = await open(wanted);
      if (old) {
        left.add(old);
        old.close(() => left.delete(old));
      }
      return { port };
    },
    async stop() {
      stopping = true;
      stopTicking?.();
      stopTicking = undefined;
      const closing = server;
      server = undefined;
      const closed = closing && new Promise<void>((done) => closing.close(() => done()));
      const why = ended.stopping;
      const over = Promise.all([sessions.endWhere(() => true, why), lanes.endWhere(() => true, why)]);
      const failed = (error: unknown): void => deps.log('error', 'a session did not end in order', error);
      if (!(await doneWithin(deps.clock, ENDING_MS, over, failed)))
        deps.log('warn', 'Not all sessions ended in time; their servers are ended without them.');
      const cancel = deps.clock.after(LAST_BYTES_MS, () => closing?.closeAllConnections());
      for (const old of left) old.closeAllConnections();
      await closed;
      cancel();
    },
    notifyToolsChanged(name) {
      const tell = (each: { server: string; notifyToolsChanged(): void }): void => {
        if (name === undefined || each.server === name) each.notifyToolsChanged();
      };
      sessions.each(tell);
      lanes.each(tell);
    },
    sessions: () => [...sessions.info(), ...lanes.info()],
    async endClient(clientId) {
      const its = ({ client }: { client: ClientIdentity }): boolean => client.id === clientId;
      const why = ended.disconnected;
      await Promise.all([sessions.endWhere(its, why), lanes.endWhere(its, why)]);
    },
  };
}

function deny(response: ServerResponse, refusal: GuardRefusal, headers?: Record<string, string>): undefined {
  plain(response, refusal.status, refusal.message, headers);
  return undefined;
}
