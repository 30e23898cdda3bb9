import type { ServerResponse } from 'node:http';
import { type Answer, type Form, MODEL, openStream, textOf } from './form.ts';

interface Request {
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

const COMMON = { id: 'chatcmpl-stand-in', created: 1, model: MODEL };
const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

/** OpenAI's chat completions. */
export const chat: Form = {
  path: '/chat/completions',
  read(body) {
    const { messages, tools = [], stream = false } = body as Request;
    return {
      stream,
      tools: tools.map((tool) => ({ name: tool.function.name })),
      results: messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
    };
  },
  whole(answer) {
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
  },
  stream(response, answer) {
    openStream(response);
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
  },
};

function event(response: ServerResponse, fields: object): void {
  response.write(`data: ${JSON.stringify({ ...COMMON, object: 'chat.completion.chunk', ...fields })}\n\n`);
}

function toolCall({ call: { id, name, args } }: Extract<Answer, { call: unknown }>): object {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}
