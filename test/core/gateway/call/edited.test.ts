import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalDigest } from '../../../../main/core/codec/index.ts';
import type { JsonObject } from '../../../../main/core/codec/types.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { ModernClient } from '../../../fakes/modern-client.ts';
import { type Open, RawClient, until } from '../../../fakes/raw-client.ts';

/** A person changes the arguments of a waiting call, then allows it. */

let parts: Parts;
let clock: FakeClock;
const start = async (era: 'legacy' | 'modern' = 'legacy') => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock, era });
  parts.server.tools = [tool('run_command'), tool('echo')];
  parts.rules.set('run_command', { decision: 'ask', reason: 'Commands are looked at first' });
};
afterEach(async () => {
  await parts.stop();
});
const sent = () => parts.connections.flatMap((connection) => connection.of('tools/call'));
const prompts = async (count = 1) => {
  await until(() => parts.approvals.list().length >= count);
  return parts.approvals.list();
};
const edit = async (editedArguments: string, more: object = {}) => {
  const [view] = await prompts();
  return parts.approvals.decide({
    id: view?.id ?? '',
    decision: 'allow',
    scope: 'once',
    by: 'person',
    editedArguments,
    argumentsDigest: view?.argumentsDigest,
    ...more,
  });
};
const TOLD =
  'The person at this machine changed the arguments of this call before allowing it. It ran with: ';

describe('in a session', () => {
  let client: RawClient;
  beforeEach(async () => {
    await start();
    client = new RawClient(parts.url());
    await client.initialize();
  });
  const call = (raw: string): Open => client.open(raw);

  test('the server gets exactly the new arguments and every other byte of the call; the agent and the audit are told', async () => {
    const open = call(
      '{ "method" : "tools/call","id":5, "jsonrpc":"2.0","params":{"x":1e2 ,"arguments": {"cmd":"rm -rf /"} , "name":"run_command"}}',
    );
    await edit('{"cmd": "ls", "n": 12345678901234567890}');
    const answer = await open.done;
    expect(sent().map(({ raw }) => String(raw))).toEqual([
      '{ "method" : "tools/call","id":5, "jsonrpc":"2.0","params":{"x":1e2 ,"arguments": {"cmd": "ls", "n": 12345678901234567890} , "name":"run_command"}}',
    ]);
    const ranDigest = canonicalDigest('{"cmd":"ls","n":12345678901234567890}');
    const sentDigest = canonicalDigest('{"cmd":"rm -rf /"}');
    expect(answer.last.result).toEqual({
      _meta: {
        'drawbridge/decision': {
          decision: 'approved',
          rule: '/tools/run_command',
          reason: 'The person changed the arguments.',
          sentDigest,
          ranDigest,
        },
      },
      content: [
        { type: 'text', text: `${TOLD}{"cmd": "ls", "n": 12345678901234567890}` },
        { type: 'text', text: 'ran' },
      ],
    });
    const { record, outcome } = parts.records.at(-1) ?? {};
    expect(record).toMatchObject({
      decision: 'approved',
      approvedBy: 'person',
      argumentsText: '{"cmd": "ls", "n": 12345678901234567890}',
      argumentsDigest: ranDigest,
    });
    expect(record?.reason).toContain(`The person changed the arguments`);
    expect(record?.reason).toContain(sentDigest);
    expect(record?.reason).toContain(ranDigest);
    expect(outcome?.status).toBe('ok');
  });

  test('a call without arguments gets them', async () => {
    const open = call('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"run_command"}}');
    await edit('{"cmd":"ls"}');
    await open.done;
    expect(String(sent()[0]?.raw)).toBe(
      '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"arguments":{"cmd":"ls"},"name":"run_command"}}',
    );
  });

  test('the result keeps its own bytes but for what is added', async () => {
    parts.server.handle = (message, connection) => {
      if (!message.call) return false;
      const result = `{ "big":12345678901234567890 , "_meta" : { "own":1e3, "drawbridge/decision":"forged" }, "content":[ ] , "structuredContent":{"a":1.0}}`;
      queueMicrotask(
        () => void connection.say(`{"jsonrpc":"2.0","id":${message.id},"result":${result}}`, message.id),
      );
      return true;
    };
    const open = client.openCall(5, 'run_command', { cmd: 'x' });
    await edit('{}');
    const { body } = await open.done;
    const meta = `{"decision":"approved","rule":"/tools/run_command","reason":"The person changed the arguments.","sentDigest":"${canonicalDigest('{"cmd":"x"}')}","ranDigest":"${canonicalDigest('{}')}"}`;
    expect(body).toContain(
      `"result":{ "big":12345678901234567890 , "_meta" : { "own":1e3, "drawbridge/decision":${meta} }, "content":[{"type":"text","text":"${TOLD}{}"} ] , "structuredContent":{"drawbridge_notice":"${TOLD}{}","a":1.0}}`,
    );
  });

  test('an error says it in front of its message', async () => {
    parts.server.handle = (message, connection) => {
      if (!message.call) return false;
      const error = '{ "code":-32000 , "message" : "no \\u00e9","data":{"n":1.0}}';
      queueMicrotask(
        () => void connection.say(`{"jsonrpc":"2.0","id":${message.id},"error":${error}}`, message.id),
      );
      return true;
    };
    const open = client.openCall(5, 'run_command', {});
    await edit('{"a":1}');
    expect((await open.done).body).toContain(
      `"error":{ "code":-32000 , "message" : "${TOLD}{\\"a\\":1} no \\u00e9","data":{"n":1.0}}`,
    );
  });

  test.each([
    ['"error":{"code":-32000}'],
    ['"error":"no"'],
    ['"result":{"contents":[]}'],
    ['"result":{"content":"text"}'],
    ['"result":{"content":[],"resultType":"task"}'],
  ])('what is no usual result stays as it is: %s', async (body) => {
    parts.server.handle = (message, connection) => {
      if (!message.call) return false;
      queueMicrotask(() => void connection.say(`{"jsonrpc":"2.0","id":${message.id},${body}}`, message.id));
      return true;
    };
    const open = client.openCall(5, 'run_command', {});
    await edit('{"a":1}');
    expect((await open.done).body).toContain(`{"jsonrpc":"2.0","id":5,${body}}`);
    expect(sent()).toHaveLength(1);
  });

  test('what policy denies is told to the person with its reason, and nothing is lost', async () => {
    parts.rules.set('run_command', ({ args }) =>
      args.cmd === 'format' ? { decision: 'deny', reason: 'Never format.' } : { decision: 'ask' },
    );
    const open = client.openCall(5, 'run_command', { cmd: 'x' });
    await expect(edit('{"cmd":"format"}')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('Never format. It is still waiting.'),
    });
    expect(await prompts()).toHaveLength(1);
    expect(sent()).toEqual([]);
    await edit('{"cmd":"ls"}');
    expect((await open.done).last.result?.content?.[1]?.text).toBe('ran');
  });

  test('what policy allows runs; what changed under it meanwhile is judged once more before it runs', async () => {
    parts.rules.set('run_command', ({ args }) =>
      args.cmd === 'ls' ? { decision: 'allow' } : { decision: 'ask' },
    );
    const open = client.openCall(5, 'run_command', { cmd: 'x' });
    const decided = edit('{"cmd":"ls"}');
    expect((await decided).outcome).toBe('ran');
    expect((await open.done).last.result?.content).toHaveLength(2);
    const second = client.openCall(6, 'run_command', { cmd: 'y' });
    const [view] = await prompts();
    const done = parts.approvals.decide({
      id: view?.id ?? '',
      decision: 'allow',
      scope: 'once',
      by: 'person',
      editedArguments: '{"cmd":"z"}',
    });
    // The person's answer is given; the call has not gone out yet.
    parts.rules.set('run_command', { decision: 'deny', reason: 'Closed.' });
    expect((await done).outcome).toBe('ran');
    expect((await second.done).last.result?.content?.[0]?.text).toContain('Closed.');
    expect(sent()).toHaveLength(1);
  });

  test.each([
    ['{"a":1,"a":2}', /twice at line 1, column 8/],
    ['{\n  "a": 1,\n  oops\n}', /line 3, column 3/],
    ['[1]', /not a JSON object/],
    ['', /not a JSON object/],
    ['{"a":1} {', /line 1, column 9/],
    ['{"a":1e999}', /beyond what a double holds/],
    ['{"path":1,"PATH":2}', /could be taken for one/],
    ['{"a":"\ud800"}', /half of a character/],
    [`${'{"a":'.repeat(120)}1${'}'.repeat(120)}`, /nested too deeply/],
  ])('%j is refused with its place, and the call waits on', async (text, why) => {
    const open = client.openCall(5, 'run_command', {});
    await prompts();
    await expect(edit(text)).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(why),
    });
    expect(await prompts()).toHaveLength(1);
    expect(sent()).toEqual([]);
    open.request.destroy();
  });

  test('once only, for what was on the screen, and only while somebody holds', async () => {
    const open = client.openCall(5, 'run_command', {});
    await prompts();
    await expect(edit('{}', { scope: '15m' })).rejects.toMatchObject({ code: 'refused' });
    await expect(edit('{}', { argumentsDigest: 'other' })).rejects.toMatchObject({ code: 'conflict' });
    clock.advance(270_000);
    expect((await open.done).last.result?.content?.[0]?.text).toContain('approval pending');
    await expect(edit('{"a":1}')).rejects.toThrow(/Nobody waits on the line/);
    expect(parts.approvals.list()).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  test('every identical caller gets the changed arguments, each under its own id', async () => {
    const calls = [5, 6, 7].map((id) => client.openCall(id, 'run_command', { cmd: 'x' }));
    await until(() => parts.approvals.list()[0]?.count === 3);
    expect((await edit('{"cmd":"ls"}')).message).toContain('3 identical calls run now.');
    for (const open of calls)
      expect((await open.done).last.result?.content?.[0]?.text).toBe(`${TOLD}{"cmd":"ls"}`);
    expect(sent().map(({ id, call: made }) => [id, made?.arguments])).toEqual([
      ['5', { cmd: 'ls' }],
      ['6', { cmd: 'ls' }],
      ['7', { cmd: 'ls' }],
    ]);
    const next = client.openCall(8, 'run_command', { cmd: 'x' });
    expect(await prompts()).toHaveLength(1);
    next.request.destroy();
  });
});

describe('without a session', () => {
  let client: ModernClient;
  beforeEach(async () => {
    await start('modern');
    client = new ModernClient(parts.url());
  });

  test('headers that repeat arguments are those of the new ones', async () => {
    const inputSchema: JsonObject = {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
    };
    parts.server.tools = [tool('run_command', { inputSchema })];
    const open = client.post(
      'tools/call',
      { name: 'run_command', arguments: { region: 'eu' } },
      { headers: { 'mcp-param-region': 'eu' } },
    );
    await edit('{"region":"us"}');
    expect((await open.done).last.result?.content?.[0]?.text).toContain('It ran with: {"region":"us"}');
    const [message] = sent();
    expect(message?.call?.arguments).toEqual({ region: 'us' });
    expect(message && parts.upstream.options.get(message)?.headers).toMatchObject({
      'Mcp-Param-Region': 'us',
    });
  });

  test('a call with questions goes on with the changed arguments, though its client repeats its own', async () => {
    parts.server.handle = (message, connection) => {
      if (!message.call || message.raw.includes('inputResponses')) return false;
      const result = `{"resultType":"input_required","inputRequests":{"q":{"method":"x"}},"requestState":"s1"}`;
      queueMicrotask(
        () => void connection.say(`{"jsonrpc":"2.0","id":${message.id},"result":${result}}`, message.id),
      );
      return true;
    };
    const first = client.post('tools/call', { name: 'run_command', arguments: { cmd: 'x' } });
    await edit('{"cmd":"ls"}');
    expect((await first.done).last.result?.resultType).toBe('input_required');
    const second = await client.tool(
      'run_command',
      { cmd: 'x' },
      { inputResponses: { q: {} }, requestState: 's1' },
    );
    expect(second.last.result?.content?.[0]?.text).toBe(`${TOLD}{"cmd":"ls"}`);
    expect(sent().map(({ call }) => call?.arguments)).toEqual([{ cmd: 'ls' }, { cmd: 'ls' }]);
    // Spent: the same again is a new call, with the arguments its client sends.
    const third = client.post('tools/call', {
      name: 'run_command',
      arguments: { cmd: 'x' },
      inputResponses: { q: {} },
      requestState: 's1',
    });
    const [view] = await prompts();
    expect(view?.argumentsText).toContain('"x"');
    await expect(edit('{"cmd":"ls"}')).rejects.toThrow(/goes on with an earlier one \(inputResponses\)/);
    third.request.destroy();
    await until(() => parts.approvals.list().length === 0);
  });
});
