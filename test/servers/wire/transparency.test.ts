import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds, say, startWire, type Wire } from './wire-kit.ts';
import { HUGE, IDS, NUMBERS, PLANES, STRANGE } from './wire-texts.ts';

/**
 * What the gateway does not govern passes byte by byte, both ways. The one change of white space: on a pipe and in an event
 * stream a line break between two tokens becomes one space, for there it would end the message.
 */

describe.each(kinds)('over %s', (kind) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(kind, { tools: '[{"name":"echo","inputSchema":{"type":"object"}}]' });
    await wire.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
    await wire.read(1);
  });
  afterAll(() => wire.stop());

  /** Sends a frame and expects the server to have read the very same bytes; gives what the client got. */
  const through = async (frame: string, read = frame): Promise<string[]> => {
    const answer = await wire.post(frame);
    expect(await wire.read(1)).toEqual([read]);
    return answer.messages;
  };
  const call = (id: string, args: string, said: string[], more = '') =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":${args},"_meta":{${say(...said)}}${more}}}`;
  const result = (id: string, text: string) => `{"jsonrpc":"2.0","id":${id},"result":${text}}`;

  test('arguments of a call, and unknown members everywhere', async () => {
    const answer = result('5', '{}');
    for (const args of ['{}', '{ }', STRANGE, `{"t":${PLANES}}`, '{"nested":[[[{"a":[{}]}]]]}']) {
      expect(await through(call('5', args, [answer]))).toEqual([answer]);
    }
    const everywhere = `{"more":${STRANGE},"jsonrpc":"2.0","params":{"future":${STRANGE},"_meta":{"io.example/x":${STRANGE},${say(answer)}},"arguments":{"a":1.0},"name":"ech\\u006f","task":{"ttl":1.0}},"method":"tools\\/call","id":5}`;
    expect(await through(everywhere)).toEqual([answer]);
  });

  test('requests and notifications of methods nobody knows', async () => {
    const answer = result('6', STRANGE);
    const params = `{"x":${STRANGE},"h":${HUGE},"t":${PLANES},"_meta":{"y":${HUGE},${say(answer)}}}`;
    for (const method of [
      'vendor/x',
      'resources/read',
      'prompts/get',
      'completion/complete',
      'sampling/createMessage',
      '\u{1F600}',
      'a b',
    ]) {
      expect(
        await through(
          `{"jsonrpc":"2.0","id":6,"method":${JSON.stringify(method)},"params":${params},"z":${HUGE}}`,
        ),
      ).toEqual([answer]);
    }
    for (const method of ['notifications/vendor', 'notifications/roots/list_changed', 'x']) {
      await through(`{"jsonrpc":"2.0","method":"${method}","params":{"x":${STRANGE},"h":${HUGE}},"z":1.0}`);
    }
    await through('{"jsonrpc":"2.0","method":"notifications/empty"}');
  });

  test('ids in every spelling come back as the server wrote them', async () => {
    for (const id of IDS) {
      const answer = result(id, '{}');
      expect(await through(call(id, '{}', [answer])), id).toEqual([answer]);
    }
    // What parses an id and writes it again spells it its own way.
    for (const [id, again] of [
      ['1.0', '1'],
      ['1e2', '100'],
      ['-0', '0'],
      ['"\\u0031"', '"1"'],
      ['1.50', '1.5'],
      ['"\u00e9"', '"\\u00E9"'],
    ] as const) {
      const answer = result(again, '{}');
      expect(await through(call(id, '{}', [answer])), id).toEqual([answer]);
    }
  });

  test('progress with tokens in every spelling, before the answer', async () => {
    for (const token of IDS) {
      const said = [1, 2].map(
        (step) =>
          `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${step}.0,"x":${STRANGE}}}`,
      );
      const answer = result('7', '{}');
      const frame = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","_meta":{"progressToken":${token},${say(...said, answer)}}}}`;
      expect(await through(frame), token).toEqual([...said, answer]);
    }
  });

  test('results of every kind', async () => {
    const results = [
      STRANGE,
      `{"content":[{"type":"hologram","n":${NUMBERS},"h":${HUGE},"_meta":${STRANGE}},{"type":"text","text":${PLANES},"annotations":{"audience":[],"x":1.0}}],"isError":false}`,
      '{"content":[],"structuredContent":[1.0,{"a":18446744073709551615}],"resultType":"task"}',
      '{"content":[],"structuredContent":7.0}',
      '{"content":[],"structuredContent":null}',
      '{"content":[],"structuredContent":"\\u0061"}',
      '{"content":[{"type":"text","text":"\\ud800 half a pair"}]}',
      '{"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create","params":{"n":1.0}}},"requestState":"\\u0061=="}',
      '{"resultType":"something new","task":{"taskId":"1","ttl":1e3}}',
      '{"a":1,"a":2}',
      '{"A":1,"a":2,"content":[{"type":"text","type":"image"}]}',
      '[1.0]',
      '"text"',
      '7.0',
      'null',
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
    ];
    for (const text of results) {
      const answer = result('8', text);
      expect(await through(call('8', '{}', [answer])), text.slice(0, 200)).toEqual([answer]);
      expect(
        await through(`{"jsonrpc":"2.0","id":8,"method":"vendor/x","params":{"_meta":{${say(answer)}}}}`),
      ).toEqual([answer]);
    }
    const odd = `{"result":{"content":[]} , "x":${STRANGE},"id":8 ,"jsonrpc" : "2.0"}`;
    expect(await through(call('8', '{}', [odd]))).toEqual([odd]);
  });

  test('errors with their data', async () => {
    for (const error of [
      `{"code":-32042,"message":"no","data":${STRANGE},"more":${HUGE}}`,
      '{"code":-32000.0,"message":"\\u0061"}',
      '{"code":1e3,"message":"","data":null}',
      '{}',
    ]) {
      const answer = `{"jsonrpc":"2.0","id":9,"error":${error}}`;
      expect(await through(call('9', '{}', [answer]))).toEqual([answer]);
    }
  });

  test('requests of the server with ids in every spelling, and what the client answers', async () => {
    for (const id of IDS) {
      const asked = `{"jsonrpc":"2.0","id":${id},"method":"sampling/createMessage","params":{"messages":[],"x":${STRANGE},"h":${HUGE}},"z":1.0}`;
      const answer = result('10', '{}');
      expect(await through(call('10', '{}', [asked, answer])), id).toEqual([asked, answer]);
      await through(
        `{"jsonrpc":"2.0","id":${id},"result":{"role":"assistant","x":${STRANGE},"h":${HUGE}},"z":1.0}`,
      );
    }
    const asked = '{"jsonrpc":"2.0","id":1e2,"method":"vendor/ask"}';
    await through(call('10', '{}', [asked, result('10', '{}')]));
    await through('{"jsonrpc":"2.0","id":100,"error":{"code":-1,"message":"\\u0061","data":[1.0]}}');
  });

  test('notifications of the server that nobody knows', async () => {
    const said = [
      `{"jsonrpc":"2.0","method":"notifications/vendor","params":${STRANGE}}`,
      `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":${HUGE}},"x":{}}`,
      '{"jsonrpc":"2.0","method":"notifications/resources/updated","params":[1.0]}',
      '{ "method" : "n" , "jsonrpc" : "2.0" }',
      result('11', '{}'),
    ];
    expect(await through(call('11', '{}', said))).toEqual(said);
  });

  test('white space: line breaks between tokens are all that changes, and only where they would end a message', async () => {
    const answer = '\t{ "jsonrpc" :"2.0" ,\t"id": 12,"result": { "a" : [ 1.0 , 2 ] } } ';
    const frame = `{\n  "jsonrpc": "2.0",\r\n\t"id": 12 ,\r"method": "tools/call",\n"params": {"name":"echo","_meta":{${say(answer)}}}\n}`;
    expect(await through(frame, kind === 'stdio' ? frame.replace(/[\r\n]/g, ' ') : frame)).toEqual([answer]);
  });

  test('a long answer in one piece', async () => {
    const answer = result('14', `{"content":[{"type":"text","text":"${'\u{1F600}\\n'.repeat(400_000)}"}]}`);
    const got = await through(call('14', '{}', [answer]));
    expect(got[0] === answer).toBe(true);
  }, 60_000);

  test('bytes that are not UTF-8 in a result reach the client as they are', async () => {
    const answer = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":15,"result":{"text":"'),
      Buffer.from([0xe9, 0x20, 0xff]),
      Buffer.from('"}}'),
    ]);
    const got = await wire.post(
      `{"jsonrpc":"2.0","id":15,"method":"tools/call","params":{"name":"echo","_meta":{${say(answer)}}}}`,
    );
    expect(got.body.includes(answer)).toBe(true);
    await wire.read(1);
  });
});

describe.each(['json', 'sse'] as const)('line breaks in what an HTTP server says (%s)', (kind) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(kind);
  });
  afterAll(() => wire.stop());

  test('a body keeps them; in an event each becomes a space', async () => {
    const answer = '{\n"jsonrpc":"2.0",\n\n"id":13,"result":\n{"a":\n1.0}}\n';
    const ask = (...said: string[]) =>
      wire.post(`{"jsonrpc":"2.0","id":13,"method":"vendor/x","params":{"_meta":{${say(...said)}}}}`);
    const alone = await ask(answer);
    expect(alone.headers['content-type']).toBe('application/json');
    expect(alone.body.toString()).toBe(answer);
    const before = '{"jsonrpc":"2.0",\n"method":"notifications/vendor"}';
    const streamed = await ask(before, answer);
    expect(streamed.headers['content-type']).toBe('text/event-stream');
    expect(streamed.messages).toEqual([before, answer].map((text) => text.replace(/\n/g, ' ')));
  });
});

describe.each(kinds)('what the gateway must change, over %s', (kind) => {
  const pieces = [
    '{ "name" :"echo", "vendor":{"n":18446744073709551615,"d":1.0},"inputSchema":{"type":"object","x-\\u0061":[ ]},"annotations":{"title":"\\u00e9","future":1e2}}',
    '\t{"inputSchema":{"type":"object"},"name":"secret"}',
    ' {"name":"\\u0073ecret2","inputSchema":{"type":"object"}} ',
    '{"inputSchema":{"type":"object","properties":{"name":{"const":"secret"}}},"name":"last","_meta":{"a":-0}}\t',
  ];
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(kind, { hide: ['secret', 'secret2'] });
  });
  afterAll(() => wire.stop());
  const list = async (result: string) => {
    const answer = `{ "jsonrpc":"2.0","id":3, "result":${result},"z":1.0 }`;
    const got = await wire.post(
      `{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"_meta":{${say(answer)}}}}`,
    );
    return got.messages[0];
  };

  test('a filtered list keeps every byte of what is left', async () => {
    const page = (...tools: (string | undefined)[]) =>
      `{"_meta":{"n":1.0}, "tools" : [${tools.join(',')}],"nextCursor":"\\u0061==", "future":18446744073709551615}`;
    const shown = (result: string) => `{ "jsonrpc":"2.0","id":3, "result":${result},"z":1.0 }`;
    expect(await list(page(...pieces))).toBe(shown(page(pieces[0], pieces[3])));
    expect(await list(page(pieces[1], pieces[0], pieces[2]))).toBe(shown(page(pieces[0])));
    expect(await list(page(pieces[1]))).toBe(shown(page()));
    for (const unchanged of [
      page(pieces[0], pieces[3]),
      page(),
      '{"tools":null}',
      '{"tools":{"name":"x"},"a":1.0}',
      '{}',
    ]) {
      expect(await list(unchanged)).toBe(shown(unchanged));
    }
  });

  test('a list that could be read in two ways is refused, with a sentence', async () => {
    const answer = JSON.parse(String(await list('{"tools":[{"name":"echo","Name":"secret"}]}')));
    expect(answer.error.message).toContain('could be taken for another one');
  });
});

describe.each(kinds)('initialize, over %s', (kind) => {
  test.each([
    ['{"a":1.0}', '{"a":1.0}'],
    ['{"tools":{}}', '{"tools":{"listChanged":true}}'],
    [
      '{ "tools" : { "x" : 1e2 , "y":[ ] } , "z":-0}',
      '{ "tools" : {"listChanged":true, "x" : 1e2 , "y":[ ] } , "z":-0}',
    ],
    ['{"tools":{"listChanged":false,"x":1.0}}', '{"tools":{"listChanged":true,"x":1.0}}'],
    ['{"tools":{"listChanged": true }}', '{"tools":{"listChanged": true }}'],
  ])('capabilities %s', async (said, shown) => {
    const result = (capabilities: string) =>
      `{"protocolVersion":"2025-11-25","capabilities":${capabilities}, "serverInfo":{"name":"wire","version":"1","n":1.0},"instructions":"\\u0061","_meta":{"d":18446744073709551615}}`;
    const wire = await startWire(kind, { initialize: result(said) });
    try {
      expect(wire.begun.body.toString()).toContain(`{"jsonrpc":"2.0","id":0,"result":${result(shown)}}`);
    } finally {
      await wire.stop();
    }
  });
});
