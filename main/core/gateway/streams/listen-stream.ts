import type { IncomingMessage, ServerResponse } from 'node:http';
import { INVALID_REQUEST } from '../../codec/index.ts';
import { plain, rpcError } from '../http/http-answers.ts';
import { SESSION_HEADER } from '../limits.ts';
import type { Outbox } from './outbox.ts';
import { replay, takesStreams } from './reply.ts';
import type { KeptStream } from './resumable-streams.ts';
import { SSE_HEADERS } from './sse.ts';

/** A session, as far as its client listens to it. */
export interface Listened {
  readonly id: string;
  readonly outbox: Outbox;
  /** The client closed what it had open: it is probably gone. */
  left: boolean;
  touch(): void;
  /** The client's first stream is open, or its last one closed. */
  listens(open: boolean): void;
  /** A stream whose requests are under way goes on: what waits for any stream can go with it. */
  resumed(): void;
}

/**
 * A client's GET: the stream for what belongs to no request, or with Last-Event-ID the rest of a stream it lost (MCP
 * 2025-11-25, transports, listening for messages from the server; resumability and redelivery).
 */
export function listen(session: Listened, request: IncomingMessage, response: ServerResponse): void {
  if (!takesStreams(request.headers)) {
    plain(response, 406, 'This is an event stream: Accept must name text/event-stream.');
    return;
  }
  session.touch();
  const headers = { [SESSION_HEADER]: session.id };
  const last = request.headers['last-event-id'];
  const found = typeof last === 'string' ? session.outbox.kept?.find(last) : undefined;
  if (found === 'gone') {
    // Not 404, which would end the whole session (transports, session management).
    const why =
      'The stream that this event was part of is over, and no longer kept. Its answer cannot be had any more.';
    rpcError(response, 400, INVALID_REQUEST, why);
  } else if (found?.stream.post) {
    found.stream.post.resume(response, headers, found.after);
    session.resumed();
  } else if (found?.stream.isPost) finish(found.stream, found.after, response, headers);
  else {
    response.writeHead(200, { ...SSE_HEADERS, ...headers });
    response.flushHeaders();
    const left = (): void => {
      session.touch();
      session.left = !session.outbox.listening;
      session.listens(session.outbox.listening);
    };
    session.outbox.attach(response, left, found);
    session.listens(true);
  }
}

/** The rest of a stream whose requests are all answered. */
function finish(
  stream: KeptStream,
  after: number,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  if (!stream.misses(after)) {
    // The one status at which clients do not come back (WHATWG HTML, server-sent events, processing model).
    response.writeHead(204, headers);
    response.end();
    return;
  }
  response.writeHead(200, { ...SSE_HEADERS, ...headers });
  replay(stream, response, after, true);
  response.on('close', () => stream.left(response.writableFinished));
  response.end();
}
