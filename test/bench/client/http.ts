import { connect, type Socket } from 'node:net';
import { AnswerReader, type HttpAnswer } from './answer.ts';
import { INITIALIZE, message, nextId, PROTOCOL, type Wire } from './wire.ts';

export interface HttpTarget {
  readonly url: string;
  readonly token?: string;
}

/** One keep-alive connection that asks one thing at a time, with as little overhead as possible. */
class Line {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  #done: ((answer: HttpAnswer) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;
  /** The server closes connections that are idle for long. */
  closed = false;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => {
      const answer = this.#reader.push(chunk);
      if (!answer) return;
      const done = this.#done;
      this.#done = undefined;
      done?.(answer);
    });
    const lost = (error?: Error): void => {
      this.closed = true;
      this.#fail?.(error ?? new Error('The connection was closed.'));
    };
    this.#socket.on('error', lost);
    this.#socket.on('close', () => lost());
  }

  ask(head: string, body: Buffer): Promise<HttpAnswer> {
    return new Promise((done, fail) => {
      this.#done = done;
      this.#fail = fail;
      // One packet for small messages; a large body is not copied.
      if (body.length < 16_384)
        this.#socket.write(`${head}${body.length}\r\n\r\n${body.toString('latin1')}`, 'latin1');
      else {
        this.#socket.cork();
        this.#socket.write(`${head}${body.length}\r\n\r\n`, 'latin1');
        this.#socket.write(body);
        this.#socket.uncork();
      }
    });
  }

  close(): void {
    this.#fail = undefined;
    this.#socket.destroy();
  }
}

/** A session over Streamable HTTP. Requests at the same time use connections of their own, as every client does. */
export async function openHttp(target: HttpTarget): Promise<Wire> {
  const url = new URL(target.url);
  const port = Number(url.port);
  const all: Line[] = [];
  const idle: Line[] = [];
  const head = (session: string | undefined, method = 'POST'): string =>
    [
      `${method} ${url.pathname} HTTP/1.1`,
      `Host: ${url.host}`,
      'Accept: application/json, text/event-stream',
      'Content-Type: application/json',
      ...(target.token === undefined ? [] : [`Authorization: Bearer ${target.token}`]),
      ...(session === undefined ? [] : [`Mcp-Session-Id: ${session}`, `MCP-Protocol-Version: ${PROTOCOL}`]),
      'Content-Length: ',
    ].join('\r\n');
  let heading = head(undefined);
  const ask = async (body: Buffer): Promise<HttpAnswer> => {
    let line = idle.pop();
    while (line?.closed) line = idle.pop();
    if (!line) {
      line = new Line(port);
      all.push(line);
    }
    const answer = await line.ask(heading, body);
    idle.push(line);
    return answer;
  };
  const wire: Wire = {
    async request(body) {
      const answer = await ask(body);
      if (answer.status !== 200) throw new Error(`${target.url} answered ${answer.status}: ${answer.body}`);
      return answer.stream ? messageOf(answer.body) : answer.body;
    },
    async notify(body) {
      const answer = await ask(body);
      if (answer.status > 202) throw new Error(`${target.url} answered ${answer.status}: ${answer.body}`);
    },
    async close() {
      heading = head(session, 'DELETE');
      await ask(Buffer.alloc(0));
      for (const each of all) each.close();
    },
  };
  const answer = await ask(message(nextId(), 'initialize', INITIALIZE));
  if (answer.status !== 200) throw new Error(`${target.url} answered ${answer.status}: ${answer.body}`);
  const { session } = answer;
  heading = head(session);
  await wire.notify(message(undefined, 'notifications/initialized'));
  return wire;
}

/** The last message of an event stream: the answer, which ends it. */
function messageOf(body: Buffer): Buffer {
  const at = body.lastIndexOf('data: ');
  const end = body.indexOf(10, at);
  return body.subarray(at + 6, end < 0 ? body.length : end);
}
