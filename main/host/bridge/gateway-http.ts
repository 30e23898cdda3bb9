import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../../../shared/base/message-of.ts';

// An import statement would read every export of the module, also those that load a whole browser-like client behind
// them: two thirds of the time this program takes to start.
const { Agent, request } = process.getBuiltinModule('node:http');

/** The gateway could not be asked, or broke off. */
export class GatewayGone extends Error {
  /** False: the gateway certainly never got the message, so it may be sent again. */
  readonly sent: boolean;
  constructor(sent: boolean, message: string) {
    super(message);
    this.sent = sent;
  }
}

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** Called when the whole message was handed to the operating system. */
  readonly written?: () => void;
}

// The gateway drops idle connections after 75 s; dropping them sooner here keeps a call from using one that is being closed.
const agent = new Agent({ keepAlive: true, timeout: 30_000 });

const guarded = new WeakSet<Socket>();

/**
 * While Node hands a kept socket from one request to the next, an abort finds it without any listener for errors, and
 * the process would end. The request or the reader reports the error as well.
 */
function guard(socket: Socket): void {
  if (guarded.has(socket)) return;
  guarded.add(socket);
  socket.on('error', () => {});
}

/**
 * Where one connection broke, the kept ones are most likely as dead, and the next request must not go out on one of them:
 * nobody could tell then whether the gateway got it. On a new connection a gateway that is gone refuses.
 */
function gone(sent: boolean, error: NodeJS.ErrnoException): GatewayGone {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  return new GatewayGone(sent, error.code ?? messageOf(error));
}

/** Sends one request to the gateway, with no time limit. @throws GatewayGone */
export function ask(what: GatewayRequest): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const headers = what.body
      ? { ...what.headers, 'Content-Length': String(what.body.length) }
      : what.headers;
    const asked = request(what.url, { method: what.method, headers, agent, signal: what.signal });
    let connected = false;
    asked.on('socket', (socket) => {
      guard(socket);
      if (!socket.connecting) connected = true;
      else {
        socket.once('connect', () => {
          connected = true;
        });
      }
    });
    asked.on('finish', () => what.written?.());
    asked.on('response', (answer) => {
      // A body that is not read any more may still break off, which must not end the process. Readers see the error themselves.
      answer.on('error', () => {});
      done(answer);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => fail(gone(connected, error)));
    asked.end(what.body);
  });
}

/** @throws GatewayGone when the answer breaks off */
export async function* chunksOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw gone(true, error as NodeJS.ErrnoException);
  }
}

export async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of chunksOf(answer)) parts.push(part);
  return Buffer.concat(parts);
}

export function isEventStream(answer: IncomingMessage): boolean {
  return (answer.headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream');
}

/** Whether a gateway answers at an address, with any status. */
export async function answers(gateway: string, limitMs: number): Promise<boolean> {
  try {
    const answer = await ask({
      method: 'GET',
      url: gateway,
      headers: {},
      signal: AbortSignal.timeout(limitMs),
    });
    answer.resume();
    return true;
  } catch {
    // Refused, reset or silent: all of them mean that no gateway is ready there.
    return false;
  }
}
