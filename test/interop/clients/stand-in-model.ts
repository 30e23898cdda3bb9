import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tool the model asks for: the first the program offers whose name ends so, behind whatever prefix it puts there. */
export interface Step {
  /** What the model calls the result in its last answer. */
  readonly name: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface StandInModel {
  /** Base URL as an OpenAI-compatible provider is configured, with `/v1`. */
  readonly url: string;
  /** What it does in the conversations that follow. */
  play(steps: readonly Step[]): void;
  /** What it was asked for since: method, path, and which answer it gave. */
  requests(): readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly role: string;
  readonly content?: string | null | readonly { readonly type: string; readonly text?: string }[];
  readonly tool_call_id?: string;
}
interface Request {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}
type Answer =
  | { readonly text: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly arguments: string } };

export const MODEL = 'stand-in';

/**
 * A model for programs that reach their servers only when one asks for a tool: OpenAI's chat completions on 127.0.0.1, streamed
 * and not. It asks for the tools of its steps one after the other, then says each result on a line, `NAME: RESULT`. How far it
 * is, it reads from the conversation.
 */
export async function standInModel(): Promise<StandInModel> {
  let steps: readonly Step[] = [];
  let requests: string[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => {
      requests.push(`${request.method} ${request.url} failed: ${error.message}`);
      json(response, 500, { error: { message: error.message, type: 'server_error' } });
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'GET' && path === '/v1/models') {
      requests.push('GET /v1/models');
      return json(response, 200, {
        object: 'list',
        data: [{ id: MODEL, object: 'model', owned_by: 'test' }],
      });
    }
    if (request.method !== 'POST' || path !== '/v1/chat/completions') {
      requests.push(`${request.method} ${path}: not known`);
      return json(response, 404, { error: { message: `There is no ${path}.`, type: 'not_found' } });
    }
    const asked = JSON.parse(await body(request)) as Request;
    const names = (asked.tools ?? []).map((tool) => tool.function.name);
    const answer = next(steps, asked.messages, names);
    requests.push(`POST ${path}: ${'call' in answer ? `asks for ${answer.call.name}` : answer.text}`);
    if (asked.stream === true) stream(response, answer);
    else json(response, 200, whole(answer));
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    play(next) {
      steps = next;
      requests = [];
    },
    requests: () => requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The next answer: as many steps are done as results of tools stand in the conversation. */
function next(steps: readonly Step[], messages: readonly Message[], tools: readonly string[]): Answer {
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));
  const step = steps[results.length];
  // Programs also ask for titles and summaries, without tools.
  if (tools.length === 0) return { text: 'Nothing to say.' };
  if (!step) return { text: steps.map(({ name }, index) => `${name}: ${results[index]}`).join('\n') };
  const name = tools.find((tool) => tool.endsWith(step.tool));
  if (name === undefined) return { text: `No tool ends in ${step.tool}. There are: ${tools.join(', ')}.` };
  return { call: { id: `call_${results.length + 1}`, name, arguments: JSON.stringify(step.args) } };
}

function textOf(content: Message['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? `[${part.type}]`).join('\n');
}

const COMMON = { id: 'chatcmpl-stand-in', created: 1, model: MODEL };
const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

function whole(answer: Answer): object {
  const { message, reason } =
    'call' in answer
      ? {
          message: { role: 'assistant', content: null, tool_calls: [toolCall(answer)] },
          reason: 'tool_calls',
        }
      : { message: { role: 'assistant', content: answer.text }, reason: 'stop' };
  return {
    ...COMMON,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: reason }],
    usage: USAGE,
  };
}

function stream(response: ServerResponse, answer: Answer): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const chunk = (delta: object, reason: string | null): void =>
    event(response, { choices: [{ index: 0, delta, finish_reason: reason }] });
  if ('call' in answer) {
    chunk({ role: 'assistant', content: null, tool_calls: [{ index: 0, ...toolCall(answer) }] }, null);
    chunk({}, 'tool_calls');
  } else {
    chunk({ role: 'assistant', content: answer.text }, null);
    chunk({}, 'stop');
  }
  event(response, { choices: [], usage: USAGE });
  response.end('data: [DONE]\n\n');
}

function event(response: ServerResponse, fields: object): void {
  response.write(`data: ${JSON.stringify({ ...COMMON, object: 'chat.completion.chunk', ...fields })}\n\n`);
}

function toolCall({ call: { id, ...fn } }: Extract<Answer, { call: unknown }>): object {
  return { id, type: 'function', function: fn };
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
