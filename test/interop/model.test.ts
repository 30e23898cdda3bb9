import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StandInModel, standInModel } from './clients/model/stand-in-model.ts';

/** What the programs' own readers of these forms look for; the conversation goes on with the result that each form has. */
const FORMS = [
  {
    path: '/v1/chat/completions',
    tools: [{ type: 'function', function: { name: 'notes__write-note' } }],
    asks: 'messages',
    begin: { role: 'user', content: 'Go.' },
    result: { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'kept' }] },
    called: '"arguments":"{\\"text\\":\\"mine\\"}"',
  },
  {
    path: '/v1/responses',
    tools: [
      { type: 'web_search' },
      { type: 'namespace', name: 'mcp__notes', tools: [{ type: 'function', name: 'write_note' }] },
    ],
    asks: 'input',
    begin: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Go.' }] },
    result: { type: 'function_call_output', call_id: 'call_1', output: 'kept' },
    called: '"namespace":"mcp__notes"',
  },
  {
    path: '/v1/messages',
    tools: [{ name: 'mcp__notes__write_note' }],
    asks: 'messages',
    begin: { role: 'user', content: 'Go.' },
    result: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'kept' }] }],
    },
    called: '"name":"mcp__notes__write_note"',
  },
];

describe('the stand-in model', () => {
  let model: StandInModel;
  beforeEach(async () => {
    model = await standInModel();
    model.play([{ name: 'note', tool: 'write-note', args: { text: 'mine' } }]);
  });
  afterEach(() => model.close());

  for (const { path, tools, asks, begin, result, called } of FORMS)
    for (const stream of [false, true])
      test(`asks for its tool and keeps what it is given: ${path}${stream ? ', streamed' : ''}`, async () => {
        const ask = async (said: readonly object[]): Promise<string> => {
          const body = JSON.stringify({ model: 'stand-in', stream, tools, [asks]: said });
          const answer = await fetch(new URL(path, model.url), { method: 'POST', body });
          expect(answer.headers.get('content-type')).toContain(stream ? 'text/event-stream' : 'json');
          return answer.text();
        };
        expect(await ask([begin])).toContain(called);
        expect(model.results()).toEqual([]);
        expect(await ask([begin, result])).toContain('note: kept');
        expect(model.results()).toEqual(['kept']);
      });
});
