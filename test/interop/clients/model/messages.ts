import { type Answer, type Form, MODEL, openStream, textOf } from './form.ts';

interface Block {
  readonly type: string;
  readonly content?: unknown;
}
interface Request {
  readonly stream?: boolean;
  readonly messages: readonly { readonly content: string | readonly Block[] }[];
  readonly tools?: readonly { readonly name: string }[];
}

const USAGE = { input_tokens: 1, output_tokens: 1 };

/** Anthropic's messages. */
export const messages: Form = {
  path: '/messages',
  read(body) {
    const { messages: said, tools = [], stream = false } = body as Request;
    const blocks = said.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    return {
      stream,
      tools: tools.map(({ name }) => ({ name })),
      results: blocks.filter(({ type }) => type === 'tool_result').map(({ content }) => textOf(content)),
    };
  },
  whole: (answer) => ({ ...message([blockOf(answer)]), stop_reason: reasonOf(answer) }),
  stream(response, answer) {
    openStream(response);
    const event = (type: string, fields: object): void => {
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
    };
    event('message_start', { message: { ...message([]), stop_reason: null } });
    const block = blockOf(answer);
    const empty = 'call' in answer ? { ...block, input: {} } : { type: 'text', text: '' };
    event('content_block_start', { index: 0, content_block: empty });
    event('content_block_delta', {
      index: 0,
      delta:
        'call' in answer
          ? { type: 'input_json_delta', partial_json: JSON.stringify(answer.call.args) }
          : { type: 'text_delta', text: answer.text },
    });
    event('content_block_stop', { index: 0 });
    event('message_delta', {
      delta: { stop_reason: reasonOf(answer), stop_sequence: null },
      usage: { output_tokens: 1 },
    });
    event('message_stop', {});
    response.end();
  },
};

function message(content: readonly object[]): object {
  const own = { id: 'msg_stand_in', type: 'message', role: 'assistant', model: MODEL };
  return { ...own, content, stop_sequence: null, usage: USAGE };
}

function blockOf(answer: Answer): object {
  if (!('call' in answer)) return { type: 'text', text: answer.text };
  const { id, name, args } = answer.call;
  return { type: 'tool_use', id, name, input: args };
}

function reasonOf(answer: Answer): string {
  return 'call' in answer ? 'tool_use' : 'end_turn';
}
