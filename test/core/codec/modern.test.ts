import { describe, expect, test } from 'vitest';
import {
  acknowledgeTools,
  limitCaching,
  parseFromClient,
  parseFromServer,
  resultTypeOf,
  withValue,
} from '../../../main/core/codec/index.ts';
import type { RpcMessage } from '../../../main/core/codec/types.ts';

/** MCP 2026-07-28: what a message says of itself, and what is changed in answers. */

const fromClient = (text: string): RpcMessage => {
  const parsed = parseFromClient(Buffer.from(text), { maxBytes: 1e6, allowBatch: false });
  if (!parsed.ok || !('message' in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.message;
};
const fromServer = (text: string): RpcMessage => {
  const parsed = parseFromServer(Buffer.from(text));
  if (!parsed.ok || !('message' in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.message;
};
const P = 'io.modelcontextprotocol/';
const request = (meta: string, params = '"name":"x",', method = 'tools/call'): string =>
  `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{${params}"_meta":{${meta}}}}`;

describe('metadata', () => {
  test('of a call and of any other request', () => {
    const meta = `"${P}protocolVersion":"v","${P}clientCapabilities":{},"${P}clientInfo":{"name":"n"},"${P}logLevel":"x"`;
    for (const text of [request(meta), request(meta, '', 'a/b')]) {
      const message = fromClient(text);
      expect(message.meta).toMatchObject({ protocolVersion: 'v', hasCapabilities: true, hasLogLevel: true });
      const { start, end } = message.meta?.clientInfo ?? { start: 0, end: 0 };
      expect(message.raw.toString('utf8', start, end)).toBe('{"name":"n"}');
    }
  });
  test('of the wrong type', () => {
    const { meta } = fromClient(
      request(`"${P}protocolVersion":7,"${P}clientCapabilities":[],"${P}clientInfo":1`),
    );
    expect(meta).toEqual({
      protocolVersion: null,
      hasCapabilities: false,
      clientInfo: undefined,
      hasLogLevel: false,
      subscriptionId: undefined,
    });
    expect(fromClient(request('"other":1')).meta).toBeUndefined();
  });
  test('of a notification: its subscription, as an id is written', () => {
    const note = (id: string) =>
      fromServer(`{"jsonrpc":"2.0","method":"n","params":{"_meta":{"${P}subscriptionId":${id}}}}`).meta;
    expect(note('1.0')?.subscriptionId).toBe('1');
    expect(note('"a"')?.subscriptionId).toBe('"a"');
    expect(note('9007199254740993')?.subscriptionId).toBe('9007199254740993');
    expect(note('{}')?.subscriptionId).toBeUndefined();
  });
  test.each([
    `"${P}protocolVersion":"a","${P}ProtocolVersion":"b"`,
    `"${P}protocolVersion":"a","${P}protocolVersion":"b"`,
    `"${P}protocolversion":"a"`,
  ])('that could be taken for another one is refused: %s', (meta) => {
    for (const text of [request(meta), request(meta, '', 'a/b')])
      expect(parseFromClient(Buffer.from(text), { maxBytes: 1e6, allowBatch: false }).ok).toBe(false);
  });
});

describe('members of a call other than its arguments', () => {
  const digest = (more: string) =>
    fromClient(request('', `"name":"x",${more === '' ? '' : `${more},`}`)).call?.extrasDigest();
  test('count in any order and spelling, and are distinguished', () => {
    expect(digest('')).toBeUndefined();
    expect(digest('"requestState":"s","inputResponses":{"a":1}')).toBe(
      digest(' "inputResponses" : { "a":1.0 } , "requestState":"\\u0073"'),
    );
    const all = [
      '"requestState":"s"',
      '"requestState":"t"',
      '"inputResponses":{}',
      '"future":1',
      '"task":{}',
    ];
    expect(new Set(all.map((each) => digest(`${each}`))).size).toBe(all.length);
    expect(fromClient(request('', '"future":1,"name":"x","task":{},')).call?.extras).toEqual([
      'future',
      'task',
    ]);
  });
});

describe('answers', () => {
  const type = (result: string) => resultTypeOf(fromServer(`{"jsonrpc":"2.0","id":1,"result":${result}}`));
  test('say their type', () => {
    expect(type('{"resultType":"complete"}')).toBeUndefined();
    expect(type('{"x":"input_required"}')).toBeUndefined();
    expect(type('{"content":[{"resultType":"task"}],"resultType":"input_required"}')).toBe('input_required');
    expect(type('{"resultType":"t\\u0061sk"}')).toBe('task');
    expect(type('{"resultType":7,"x":"task"}')).toBeUndefined();
    expect(() => type('{"resultType":"task","resultType":"complete"}')).toThrow(/twice/);
  });

  const limited = (result: string) =>
    limitCaching(Buffer.from(`{"id":1,"result":${result}}`), 5000)
      .toString()
      .slice(17, -1);
  test.each([
    [
      '{ "a":1.0, "ttlMs" : 9e9 ,"cacheScope":"public" }',
      '{ "a":1.0, "ttlMs" : 5000 ,"cacheScope":"private" }',
    ],
    ['{"cacheScope":"public","ttlMs":4999}', '{"cacheScope":"private","ttlMs":4999}'],
    ['{"ttlMs":-5,"cacheScope":"private"}', '{"ttlMs":0,"cacheScope":"private"}'],
    ['{"ttlMs":"10","cacheScope":"private"}', '{"ttlMs":0,"cacheScope":"private"}'],
    ['{"ttlMs":0,"x":1}', '{"cacheScope":"private","ttlMs":0,"x":1}'],
    ['{"cacheScope":"public"}', '{"cacheScope":"private"}'],
    ['{"tools":[]}', '{"tools":[]}'],
    ['[]', '[]'],
  ])('%s is as fresh as the policy: %s', (before, after) => {
    expect(limited(before)).toBe(after);
  });

  const acknowledged = (params: string) =>
    acknowledgeTools(Buffer.from(`{"params":${params}}`))
      .toString()
      .slice(10, -1);
  test.each([
    ['{"notifications":{}}', '{"notifications":{"toolsListChanged":true}}'],
    ['{"notifications":{ "x":1 }}', '{"notifications":{"toolsListChanged":true, "x":1 }}'],
    ['{"notifications":{"toolsListChanged":false}}', '{"notifications":{"toolsListChanged":true}}'],
    ['{"notifications":{"toolsListChanged":true}}', '{"notifications":{"toolsListChanged":true}}'],
    ['{"x":{}}', '{"x":{}}'],
  ])('%s promises news of the tools: %s', (before, after) => {
    expect(acknowledged(before)).toBe(after);
  });

  test('a value deep inside is replaced where it is there', () => {
    const raw = Buffer.from('{"a": {"b" :[1], "c":2} }');
    expect(withValue(raw, ['a', 'b'], '"x"').toString()).toBe('{"a": {"b" :"x", "c":2} }');
    expect(withValue(raw, ['a', 'd'], '1')).toBe(raw);
    expect(withValue(raw, ['a', 'c', 'd'], '1')).toBe(raw);
  });
});
