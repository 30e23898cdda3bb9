import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chat } from './chat.ts';
import { type Answer, type Asked, body, json, MODEL, type Offered } from './form.ts';
import { messages } from './messages.ts';
import { responses } from './responses.ts';

export { MODEL } from './form.ts';

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
  /** What the program put before it as results of its calls, in the longest conversation since. */
  results(): readonly string[];
  close(): Promise<void>;
}

const FORMS = [chat, messages, responses];

/**
 * A model for programs that reach their servers only when one asks for a tool, on 127.0.0.1, streamed and not, in each of
 * three forms. It asks for the tools of its steps one after the other, then says each result on a line, `NAME: RESULT`. How
 * far it is, it reads from the conversation.
 */
export async function standInModel(): Promise<StandInModel> {
  let steps: readonly Step[] = [];
  let requests: string[] = [];
  let results: readonly string[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => {
      requests.push(`${request.method} ${request.url} failed: ${error.message}`);
      json(response, 500, { error: { message: error.message, type: 'server_error' } });
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    if (request.method === 'GET' && path === '/v1/models') {
      requests.push('GET /v1/models');
      const data = [{ id: MODEL, object: 'model', owned_by: 'test' }];
      return json(response, 200, { object: 'list', data });
    }
    const form = FORMS.find((each) => path === `/v1${each.path}`);
    if (request.method !== 'POST' || !form) {
      requests.push(`${request.method} ${path}: not known`);
      return json(response, 404, { error: { message: `There is no ${path}.`, type: 'not_found' } });
    }
    const asked = form.read(JSON.parse(await body(request)));
    if (asked.results.length > results.length) results = asked.results;
    const answer = next(steps, asked);
    requests.push(`POST ${path}: ${'call' in answer ? `asks for ${answer.call.name}` : answer.text}`);
    if (asked.stream) form.stream(response, answer);
    else json(response, 200, form.whole(answer));
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    play(next) {
      steps = next;
      requests = [];
      results = [];
    },
    requests: () => requests,
    results: () => results,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The next answer: as many steps are done as results of tools stand in the conversation. */
function next(steps: readonly Step[], { tools, results }: Asked): Answer {
  const step = steps[results.length];
  // Programs also ask for titles and summaries, without tools.
  if (tools.length === 0) return { text: 'Nothing to say.' };
  if (!step) return { text: steps.map(({ name }, index) => `${name}: ${results[index]}`).join('\n') };
  // Some programs write names with lines below only.
  const found = tools.find(({ name }) => name.replaceAll('_', '-').endsWith(step.tool.replaceAll('_', '-')));
  if (!found) return { text: `No tool ends in ${step.tool}. There are: ${tools.map(wholeName).join(', ')}.` };
  return { call: { id: `call_${results.length + 1}`, ...found, args: step.args } };
}

function wholeName({ group, name }: Offered): string {
  return group === undefined ? name : `${group} ${name}`;
}
