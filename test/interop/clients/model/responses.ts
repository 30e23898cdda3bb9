import { type Answer, type Form, MODEL, type Offered, openStream, textOf } from './form.ts';

interface Tool {
  readonly type: string;
  readonly name?: string;
  readonly tools?: readonly Tool[];
}
interface Request {
  readonly stream?: boolean;
  readonly input: string | readonly { readonly type?: string; readonly output?: unknown }[];
  readonly tools?: readonly Tool[];
}

const USAGE = {
  input_tokens: 1,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 1,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 2,
};

/** OpenAI's responses. */
export const responses: Form = {
  path: '/responses',
  read(body) {
    const { input, tools = [], stream = false } = body as Request;
    const items = typeof input === 'string' ? [] : input;
    return {
      stream,
      tools: tools.flatMap((tool) => offered(tool)),
      results: items
        .filter(({ type }) => type === 'function_call_output')
        .map(({ output }) => textOf(output)),
    };
  },
  whole: (answer) => response([itemOf(answer)], 'completed'),
  stream(out, answer) {
    openStream(out);
    let sequence = 0;
    const event = (type: string, fields: object): void => {
      out.write(
        `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`,
      );
    };
    const item = itemOf(answer);
    event('response.created', { response: response([], 'in_progress') });
    event('response.output_item.added', { output_index: 0, item });
    event('response.output_item.done', { output_index: 0, item });
    event('response.completed', { response: response([item], 'completed') });
    out.end();
  },
};

/** Tools stand alone, or in groups of their own name. */
function offered({ type, name, tools }: Tool, group?: string): Offered[] {
  if (type === 'namespace') return (tools ?? []).flatMap((tool) => offered(tool, name));
  return name === undefined ? [] : [{ name, ...(group === undefined ? {} : { group }) }];
}

function response(output: readonly object[], status: string): object {
  const own = { id: 'resp_stand_in', object: 'response', created_at: 1, model: MODEL };
  return { ...own, status, output, usage: status === 'completed' ? USAGE : null };
}

function itemOf(answer: Answer): object {
  if (!('call' in answer))
    return {
      ...{ type: 'message', id: 'msg_stand_in', role: 'assistant', status: 'completed' },
      content: [{ type: 'output_text', text: answer.text, annotations: [] }],
    };
  const { id, name, group, args } = answer.call;
  return {
    ...{ type: 'function_call', id: `fc_${id}`, call_id: id, status: 'completed' },
    ...(group === undefined ? {} : { namespace: group }),
    ...{ name, arguments: JSON.stringify(args) },
  };
}
