import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../../main/core/upstream/types.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { RawClient, until } from '../../../fakes/raw-client.ts';

let parts: Parts;
let clock: FakeClock;
let client: RawClient;
beforeEach(async () => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock });
  parts.server.tools = [tool('echo'), tool('delete_repository'), tool('run_command'), tool('secret')];
  parts.rules.set('delete_repository', { decision: 'deny', reason: 'Deletions are done by hand' });
  parts.rules.set('run_command', { decision: 'ask' });
  parts.rules.set('secret', { decision: 'hide' });
  client = new RawClient(parts.url());
  await client.initialize();
});
afterEach(async () => {
  await parts.stop();
});
const record = () => parts.records.at(-1);
const calls = () => parts.connections.flatMap((connection) => connection.of('tools/call'));

describe('a call that may run', () => {
  test('is forwarded byte for byte and recorded before and after', async () => {
    const raw =
      '{ "jsonrpc":"2.0",  "params":{"arguments":{"n":9007199254740993,"f":1.0,"u":"\\u00e9\u{1F600}"},"name":"echo","x":[1]},"id":"a\\u0062","method":"tools/call","extra":{"b":2}}';
    const answer = await client.send(raw);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.last.result?.content?.[0]?.text).toBe('ran');
    expect(calls().map(({ raw }) => raw.toString())).toEqual([raw]);
    expect(record()?.record).toMatchObject({
      clientId: 'cursor',
      clientName: 'the client cursor',
      server: 'files',
      session: client.session,
      method: 'tools/call',
      tool: 'echo',
      decision: 'allow',
      argumentsText: '{"n":9007199254740993,"f":1.0,"u":"\\u00e9\u{1F600}"}',
    });
    expect(record()?.outcome).toMatchObject({ status: 'ok', error: null });
    expect(record()?.outcome?.resultDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(parts.counts).toEqual({ reserved: 1, released: 0 });
  });

  test('gives the answer of the server byte for byte', async () => {
    const result =
      '{"content":[{"type":"hologram","big":12345678901234567890,"f":1.0}], "structuredContent":{"\u{10FFFF}":"\\u0000"},"resultType":"task" }';
    parts.server.handle = (message, connection) => {
      if (!message.call) return false;
      void connection.say(`{"jsonrpc":"2.0","id":${message.id},"result":${result},"later":true}`);
      return true;
    };
    const answer = await client.call('echo');
    expect(answer.body).toBe(`{"jsonrpc":"2.0","id":101,"result":${result},"later":true}`);
  });

  test('a tool that failed and an error of the server are told apart in the record', async () => {
    parts.server.handle = (message, connection) => {
      if (!message.call) return false;
      const how =
        message.call.arguments.how === 'tool'
          ? { result: { content: [], isError: true } }
          : { error: { code: -32050, message: 'no' } };
      void connection.say({ jsonrpc: '2.0', id: JSON.parse(message.id ?? ''), ...how });
      return true;
    };
    await client.call('echo', { how: 'tool' });
    expect(record()?.outcome?.status).toBe('tool-error');
    const answer = await client.call('echo', { how: 'rpc' });
    expect(answer.last.error).toEqual({ code: -32050, message: 'no' });
    expect(record()?.outcome).toMatchObject({ status: 'error', error: 'no (-32050)' });
  });

  test('the list of tools is read once, by the gateway, when no client has read it', async () => {
    await client.call('echo');
    await client.call('echo');
    expect(parts.upstream.of('tools/list')).toHaveLength(1);
    expect(parts.upstream.of('tools/list')[0]?.id).toMatch(/^"drawbridge-/);
  });
});

describe('a call that may not run', () => {
  test('denied: a result that says why, and nothing is sent', async () => {
    const answer = await client.call('delete_repository', { name: 'x' });
    expect(answer.status).toBe(200);
    const { result } = answer.last;
    expect(result?.isError).toBe(true);
    expect(result?.content?.[0]?.text).toBe(
      'Drawbridge did not run delete_repository: Deletions are done by hand. This is the policy of the person at this machine, not a failure. Trying again will not help.',
    );
    expect(result?._meta?.['drawbridge/decision']).toEqual({
      decision: 'deny',
      rule: '/tools/delete_repository',
      reason: 'Deletions are done by hand',
    });
    expect(calls()).toEqual([]);
    expect(record()).toMatchObject({ record: { decision: 'deny' }, outcome: { status: 'not-run' } });
  });

  test('over a limit: the answer names the time when it is free again', async () => {
    parts.rules.set('echo', {
      decision: 'deny',
      reason: 'At most 10 a minute',
      freeAt: clock.now() + 41_500,
    });
    const { result } = (await client.call('echo')).last;
    expect(result?.content?.[0]?.text).toContain(
      'Trying again helps from 2026-11-02T12:00:42Z on (in 42 seconds).',
    );
    expect(result?._meta?.['drawbridge/decision']?.freeAt).toBe('2026-11-02T12:00:42Z');
  });

  test('hidden and unlisted tools answer alike', async () => {
    const hidden = await client.call('secret');
    const unlisted = await client.call('no_such_tool');
    expect(hidden.last.error).toEqual({ code: -32602, message: 'Unknown tool: secret' });
    expect(unlisted.last.error).toEqual({ code: -32602, message: 'Unknown tool: no_such_tool' });
    expect(calls()).toEqual([]);
    expect(record()?.record).toMatchObject({
      decision: 'hide',
      rule: 'gateway:unlisted',
      tool: 'no_such_tool',
    });
  });

  test('an unlisted name is refused even where the policy would let it through', async () => {
    parts.rules.set('nobody', { decision: 'allow', rule: 'mode:bypass' });
    expect((await client.call('nobody')).last.error?.code).toBe(-32602);
    expect(calls()).toEqual([]);
  });

  test('while the record cannot be written nothing runs, and counters are given back', async () => {
    await client.call('echo');
    parts.auditBroken = true;
    const answer = await client.call('echo');
    expect(answer.last.result?.isError).toBe(true);
    expect(answer.last.result?.content?.[0]?.text).toContain('could not be written');
    expect(calls()).toHaveLength(1);
    expect(parts.counts).toEqual({ reserved: 2, released: 1 });
    const other = await client.request('resources/list');
    expect(other.last.error?.message).toContain('did not forward it');
    expect(parts.upstream.of('resources/list')).toEqual([]);
  });

  test('when the list of tools cannot be read, the call is not judged and not sent', async () => {
    parts.server.handle = (message, connection) => {
      if (message.method !== 'tools/list') return false;
      void connection.say({
        jsonrpc: '2.0',
        id: JSON.parse(message.id ?? ''),
        error: { code: -32603, message: 'broken' },
      });
      return true;
    };
    const answer = await client.call('echo');
    expect(answer.last.result?.content?.[0]?.text).toContain('could not be listed');
    expect(calls()).toEqual([]);
  });

  test('counters are given back only when the server never had the call', async () => {
    await client.call('echo');
    parts.upstream.failNext = new UpstreamError('failed', 'it broke while answering');
    const failed = await client.call('echo');
    expect(failed.last.error?.message).toBe('it broke while answering');
    expect(parts.counts.released).toBe(0);
    expect(record()?.outcome?.status).toBe('error');
    parts.upstream.failNext = new UpstreamError('unsent', 'nothing listens there');
    const unsent = client.call('echo');
    await until(() => parts.records.length === 4);
    await until(() => {
      clock.advance(50);
      return record()?.outcome !== undefined;
    });
    expect((await unsent).last.error?.message).toBe('nothing listens there');
    expect(parts.counts.released).toBe(1);
    expect(record()?.outcome?.status).toBe('not-run');
  });

  test('a server that wants a sign-in is an answer for the agent, not a 401', async () => {
    await client.call('echo');
    parts.upstream.failNext = new UpstreamError('signin', 'The server wants you to sign in.', 401);
    const answer = await client.call('echo');
    expect(answer.status).toBe(200);
    expect(answer.last.result?.content?.[0]?.text).toBe('The server wants you to sign in.');
    expect(answer.last.result?.isError).toBe(true);
  });
});

test('under observe the record says what enforcing would have done', async () => {
  parts.rules.set('echo', {
    decision: 'allow',
    rule: 'mode:observe',
    would: { decision: 'ask', rule: '/x', reason: 'y' },
  });
  await client.call('echo');
  expect(record()?.record).toMatchObject({ decision: 'allow', would: 'ask', rule: 'mode:observe' });
});

test('other methods are forwarded as they are, with one light record; pings without', async () => {
  const raw = '{"jsonrpc":"2.0","id":7,"method":"vendor/unknown","params":{"big":12345678901234567890}}';
  const answer = await client.send(raw);
  expect(answer.last.result).toEqual({});
  expect(parts.upstream.of('vendor/unknown').map(({ raw }) => raw.toString())).toEqual([raw]);
  expect(record()).toMatchObject({
    record: { method: 'vendor/unknown', decision: 'pass', argumentsText: null, tool: null },
    outcome: { status: 'ok' },
  });
  const before = parts.records.length;
  await client.request('ping');
  await client.send({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
  expect(parts.records).toHaveLength(before);
  expect(parts.upstream.of('ping')).toHaveLength(1);
  expect(parts.upstream.of('notifications/roots/list_changed')).toHaveLength(1);
});
