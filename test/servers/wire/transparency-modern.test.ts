import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds, REVISION, say, startWire, type Wire } from './wire-kit.ts';
import { HUGE, IDS, NUMBERS, PLANES, STRANGE } from './wire-texts.ts';

/** Byte identity for revision 2026-07-28, which has no sessions (transparency.test.ts has the others). */

const discovery = (capabilities: string, hints: string) =>
  `{"supportedVersions":["2026-07-28"],"capabilities":${capabilities},"serverInfo":{"name":"wire","version":"1","n":1.0}${hints},"resultType":"complete","instructions":"\\u0061","future":${NUMBERS}}`;

describe.each(kinds)('over %s', (kind) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(kind, {
      tools:
        '[{"name":"echo","inputSchema":{"type":"object"}},{"name":"secret","inputSchema":{"type":"object"}}]',
      discover: discovery('{"tools":{}}', ''),
      hide: ['secret'],
    });
    // The gateway reads the list of tools before the first call.
    await wire.ask(call('1', '{}', [result('1', '{}')]));
    await wire.read(2);
  });
  afterAll(() => wire.stop());

  const result = (id: string, text: string) => `{"jsonrpc":"2.0","id":${id},"result":${text}}`;
  const call = (id: string, args: string, said: string[], more = '', meta = '') =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":${args}${more},"_meta":{${REVISION},${say(...said)}${meta}}}}`;
  /** Sends a frame and expects the server to have read the very same bytes; gives what the client got. */
  const through = async (frame: string): Promise<string[]> => {
    const answer = await wire.ask(frame);
    expect(await wire.read(1)).toEqual([frame]);
    return answer.messages;
  };

  test('arguments, states, answers to questions, and unknown members everywhere', async () => {
    const answer = result('5', '{}');
    const more = [
      '',
      `,"requestState":"\\u0061\\/ ==\u{1F600}"`,
      `,"requestState":${PLANES}`,
      `,"inputResponses":{"a":{"action":"accept","content":${STRANGE}},"\\u0062":{ }},"requestState":""`,
      `,"task":{"ttl":1.0},"future":${STRANGE}`,
    ];
    for (const extra of more) {
      const frame = call(
        '5',
        STRANGE,
        [answer],
        extra,
        `,"io.modelcontextprotocol/clientInfo":{"name":"\\u0061","n":1.0},"io.example/x":${STRANGE},"traceparent":"00-1"`,
      );
      expect(await through(frame), extra.slice(0, 80)).toEqual([answer]);
    }
  });

  test('questions and states of the server, in every resultType', async () => {
    for (const text of [
      `{"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create","params":{"message":"\\u0061","n":${NUMBERS}}}},"requestState":"\\u0061\\/ ==\u{1F600}"}`,
      `{"requestState":${PLANES}, "resultType" : "input_required"}`,
      `{"resultType":"task","taskId":"\\u0031","status":"working","ttlMs":1e3,"x":${STRANGE}}`,
      '{"resultType":"complete","content":[],"structuredContent":[1.0,18446744073709551615]}',
      '{"resultType":"complete","content":[],"structuredContent":null}',
      `{"resultType":"something new","h":${HUGE}}`,
      `{"resultType":7.0,"content":[{"type":"hologram"}]}`,
      `{"content":[{"type":"text","text":${PLANES}}],"isError":true,"ttlMs":60000,"cacheScope":"public"}`,
    ]) {
      const answer = result('6', text);
      expect(await through(call('6', '{}', [answer])), text.slice(0, 200)).toEqual([answer]);
    }
  });

  test('ids in every spelling come back as the server wrote them', async () => {
    for (const id of IDS) {
      const answer = result(id, '{}');
      expect(await through(call(id, '{}', [answer])), id).toEqual([answer]);
    }
    const answer = result('100', '{}');
    expect(await through(call('1e2', '{}', [answer]))).toEqual([answer]);
  });

  test('progress and messages on the stream of their request', async () => {
    for (const token of IDS) {
      const said = [
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":1.0,"x":${STRANGE}}}`,
        `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":${HUGE}}}`,
        result('7', '{}'),
      ];
      const frame = call(
        '7',
        '{}',
        said,
        '',
        `,"progressToken":${token},"io.modelcontextprotocol/logLevel":"info"`,
      );
      expect(await through(frame), token).toEqual(said);
    }
  });

  test('methods nobody knows, and errors with their data', async () => {
    for (const method of ['vendor/x', 'resources/read', 'prompts/get', 'completion/complete']) {
      const answer = `{"jsonrpc":"2.0","id":8,"error":{"code":-32042,"message":"\\u0061","data":${STRANGE},"more":${HUGE}}}`;
      const named = method === 'resources/read' ? '"uri":"file:///a"' : '"name":"a"';
      const frame = `{"jsonrpc":"2.0","id":8,"method":"${method}","params":{${named},"x":${STRANGE},"h":${HUGE},"_meta":{${REVISION},${say(answer)},"h":${HUGE}}},"z":1.0}`;
      expect(await through(frame), method).toEqual([answer]);
    }
  });

  test('a list differs in what is hidden and in how long it may be kept', async () => {
    const echo = '{ "name" :"echo", "n":18446744073709551615,"d":1.0, "inputSchema":{"x":"\\u0061"}}';
    const list = async (text: string) => {
      const frame = `{"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"_meta":{${REVISION},${say(result('9', text))}}}}`;
      return (await through(frame))[0];
    };
    const page = (tools: string, hints: string) =>
      `{"resultType":"complete", "tools":[${tools}],"nextCursor":"\\u0061"${hints},"x":${STRANGE}}`;
    const both = `${echo}, {"name":"secret","inputSchema":{}}`;
    expect(await list(page(both, ', "ttlMs" : 60000.0,"cacheScope" : "public"'))).toBe(
      result('9', page(echo, ', "ttlMs" : 5000,"cacheScope" : "private"')),
    );
    for (const hints of [',"ttlMs":5e3,"cacheScope":"private"', '']) {
      expect(await list(page(echo, hints))).toBe(result('9', page(echo, hints)));
    }
  });
});

describe.each(kinds)('server/discover, over %s', (kind) => {
  test.each([
    ['{"tools":{}}', '{"tools":{"listChanged":true}}', '', ''],
    [
      '{ "tools" : { "x" : 1e2 } , "y":-0}',
      '{ "tools" : {"listChanged":true, "x" : 1e2 } , "y":-0}',
      ',"ttlMs":3600000,"cacheScope":"public"',
      ',"ttlMs":5000,"cacheScope":"private"',
    ],
    [
      '{"prompts":{"a":1.0}}',
      '{"prompts":{"a":1.0}}',
      ',"ttlMs":0,"cacheScope":"private"',
      ',"ttlMs":0,"cacheScope":"private"',
    ],
  ])('capabilities %s', async (said, shown, hints, shownHints) => {
    const wire = await startWire(kind, { discover: discovery(said, hints) });
    try {
      expect(wire.begun.messages).toEqual([
        `{"jsonrpc":"2.0","id":0,"result":${discovery(shown, shownHints)}}`,
      ]);
    } finally {
      await wire.stop();
    }
  });
});
