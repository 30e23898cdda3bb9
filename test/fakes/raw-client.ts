import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';

export { until } from '../kit/until.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The messages of an event stream, or the one of a JSON body. */
  readonly messages: { id?: unknown; method?: string; params?: unknown; result?: Result; error?: RpcFault }[];
  /** The last of them. */
  readonly last: { id?: unknown; result?: Result; error?: RpcFault };
}
interface Result {
  readonly content?: { type: string; text: string }[];
  readonly isError?: boolean;
  readonly tools?: { name: string }[];
  readonly _meta?: Record<string, Record<string, unknown>>;
  readonly [key: string]: unknown;
}
interface RpcFault {
  readonly code: number;
  readonly message: string;
}

export const MCP_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** A request that is under way: its answer's head, what has come so far, and its end. */
export interface Open {
  readonly request: ClientRequest;
  readonly head: Promise<IncomingMessage>;
  readonly done: Promise<Answer>;
  /** Resolves with the first message for which `match` is true. */
  message(match: (message: Answer['messages'][number]) => boolean): Promise<Answer['messages'][number]>;
  readonly text: () => string;
}

/** Sends exactly these bytes and headers; nothing is added but what HTTP needs. */
export function open(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer; raw?: boolean } = {},
): Open {
  const request = httpRequest(url, {
    method: options.method ?? 'POST',
    headers: options.headers ?? {},
    agent: false,
  });
  let text = '';
  const watchers = new Set<() => void>();
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  const done = head.then(
    (answer) =>
      new Promise<Answer>((resolve, reject) => {
        answer.setEncoding('utf8');
        if (!options.raw) {
          answer.on('data', (part: string) => {
            text += part;
            for (const watch of watchers) watch();
          });
        }
        answer.on('error', reject);
        answer.on('end', () => {
          const messages = messagesOf(answer, text);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: text,
            messages,
            last: messages.at(-1) ?? {},
          });
          for (const watch of watchers) watch();
        });
      }),
  );
  done.catch(() => {});
  request.end(options.body);
  return {
    request,
    head,
    done,
    text: () => text,
    message: (match) =>
      new Promise((resolve) => {
        void head.then((answer) => {
          const watch = (): void => {
            const found = messagesOf(answer, text).find(match);
            if (!found) return;
            watchers.delete(watch);
            resolve(found);
          };
          watchers.add(watch);
          watch();
        });
      }),
  };
}

function messagesOf(answer: IncomingMessage, text: string): Answer['messages'] {
  const type = answer.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    try {
      return [JSON.parse(text)];
    } catch {
      return [];
    }
  }
  if (!type.startsWith('text/event-stream')) return [];
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((event) => event.split('\n').filter((line) => line.startsWith('data: ')))
    .map((line) => JSON.parse(line.slice(6)));
}

/** A client that speaks JSON-RPC to one endpoint, byte by byte as the test says. */
export class RawClient {
  readonly url: string;
  readonly headers: Record<string, string>;
  session: string | undefined;
  #id = 100;

  constructor(url: string, client = 'cursor') {
    this.url = url;
    this.headers = { ...MCP_HEADERS, authorization: `Bearer token-${client}` };
  }

  #session(): Record<string, string> {
    return this.session === undefined ? {} : { 'mcp-session-id': this.session };
  }

  open(body: object | string | Buffer, headers: Record<string, string> = {}): Open {
    const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return open(this.url, { headers: { ...this.headers, ...this.#session(), ...headers }, body: bytes });
  }
  send(body: object | string | Buffer, headers?: Record<string, string>): Promise<Answer> {
    return this.open(body, headers).done;
  }
  async initialize(protocolVersion = '2025-11-25', capabilities: object = {}): Promise<Answer> {
    const answer = await this.send({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion, capabilities, clientInfo: { name: 'raw', version: '1' } },
    });
    this.session = answer.headers['mcp-session-id'] as string | undefined;
    await this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer;
  }
  request(method: string, params?: object): Promise<Answer> {
    return this.send({ jsonrpc: '2.0', id: ++this.#id, method, ...(params ? { params } : {}) });
  }
  call(name: string, args: object = {}, meta?: object): Promise<Answer> {
    return this.request('tools/call', { name, arguments: args, ...(meta ? { _meta: meta } : {}) });
  }
  /** A call that is left open. */
  openCall(id: number, name: string, args: object = {}, meta?: object): Open {
    return this.open({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name, arguments: args, ...(meta ? { _meta: meta } : {}) },
    });
  }
  get(headers: Record<string, string> = {}): Open {
    return open(this.url, {
      method: 'GET',
      headers: {
        accept: 'text/event-stream',
        authorization: this.headers.authorization as string,
        ...this.#session(),
        ...headers,
      },
    });
  }
}
