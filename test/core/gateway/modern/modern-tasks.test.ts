import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatewayWithFakes, type Parts } from '../../../fakes/gateway-parts.ts';
import { ModernClient } from '../../../fakes/modern-client.ts';
import { type Answer, until } from '../../../fakes/raw-client.ts';

/** The tasks extension (io.modelcontextprotocol/tasks): the server goes on with a call after it was answered. */

const KNOWS = {
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
};
let parts: Parts;
let client: ModernClient;
/** What tasks/get answers. */
let state: object;
beforeEach(async () => {
  parts = await gatewayWithFakes({ era: 'modern' });
  client = new ModernClient(parts.url());
  state = { status: 'working' };
  parts.server.handle = (message, connection) => {
    const answer = (result: object): true => {
      const text = `{"jsonrpc":"2.0","id":${message.id},"result":${JSON.stringify(result)}}`;
      queueMicrotask(() => void connection.say(text, message.id));
      return true;
    };
    if (message.call) return answer({ resultType: 'task', taskId: 't1', status: 'working' });
    if (message.method === 'tasks/get') return answer({ resultType: 'complete', taskId: 't1', ...state });
    return message.method?.startsWith('tasks/') === true && answer({ resultType: 'complete' });
  };
});
afterEach(async () => {
  await parts.stop();
});
const on = (method: string, more: object = {}, by = client): Promise<Answer> =>
  by.ask(method, { taskId: 't1', ...more }, { meta: KNOWS });
const update = (by = client): Promise<Answer> => on('tasks/update', { inputResponses: { q: { a: 1 } } }, by);
const last = () => parts.records.at(-1);

test('s26-04: a task is passed on, and what comes of it is recorded with the call that began it', async () => {
  const begun = await client.tool('echo', { a: 1 });
  expect(begun.last.result).toEqual({ resultType: 'task', taskId: 't1', status: 'working' });
  const seq = parts.records.length - 1;
  state = { status: 'completed', result: { content: [{ type: 'text', text: 'done' }] } };
  const got = await on('tasks/get');
  expect(got.last.result).toMatchObject({ status: 'completed' });
  expect(last()).toMatchObject({
    record: {
      method: 'tasks/get',
      tool: 'echo',
      category: 'Write',
      rule: 'gateway:task',
      reason: `This concerns the task of the call of record ${seq}.`,
    },
    outcome: { status: 'ok', resultDigest: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect((await on('tasks/cancel')).status).toBe(200);
  expect(last()?.record).toMatchObject({ method: 'tasks/cancel', tool: 'echo' });
  expect(parts.counts).toEqual({ reserved: 1, released: 0 });
});

test('that a person changed the arguments is told with the result of the task, not before', async () => {
  parts.rules.set('echo', { decision: 'ask' });
  const open = client.tool('echo', { a: 1 });
  await until(() => parts.approvals.list().length > 0);
  const [view] = parts.approvals.list();
  await parts.approvals.decide({
    id: view?.id ?? '',
    decision: 'allow',
    scope: 'once',
    by: 'person',
    editedArguments: '{"a":2}',
    argumentsDigest: view?.argumentsDigest,
  });
  const begun = await open;
  expect(begun.last.result).toEqual({ resultType: 'task', taskId: 't1', status: 'working' });
  expect((await on('tasks/get')).last.result).toEqual({
    resultType: 'complete',
    taskId: 't1',
    status: 'working',
  });
  state = { status: 'completed', content: [], result: { content: [{ type: 'text', text: 'done' }] } };
  expect((await on('tasks/get')).last.result).toMatchObject({
    status: 'completed',
    content: [],
    result: {
      _meta: { 'drawbridge/decision': { decision: 'approved', reason: 'The person changed the arguments.' } },
      content: [
        { text: expect.stringMatching(/changed the arguments of this call .* It ran with: \{"a":2\}$/) },
        { text: 'done' },
      ],
    },
  });
  state = { status: 'failed', error: { code: -32000, message: 'no' } };
  expect((await on('tasks/get')).last.result).toMatchObject({ error: { code: -32000, message: 'no' } });
});

test('questions of a task are looked at like those of a call', async () => {
  await client.tool('echo');
  state = { status: 'input_required', inputRequests: { q: { params: { message: 'a\u202Eb' } } } };
  await on('tasks/get');
  expect(last()?.outcome?.error).toMatch(/^The server "files" .*U\+202E/);
});

test('an update is judged as its call is now, counts once, and is recorded with what it says', async () => {
  await client.tool('echo', { a: 1 });
  const judged = parts.judged.length;
  expect((await update()).last.result).toEqual({ resultType: 'complete' });
  expect(parts.judged.slice(judged)).toMatchObject([{ tool: 'echo', args: { a: 1 }, clientId: 'cursor' }]);
  expect(parts.counts).toEqual({ reserved: 2, released: 1 });
  expect(last()?.record.argumentsText).toBe('{"q":{"a":1}}');
  parts.rules.set('echo', { decision: 'deny' });
  const denied = await update();
  expect(denied.last.error?.message).toMatch(/^Drawbridge did not run echo/);
  expect(last()).toMatchObject({
    record: { decision: 'deny', tool: 'echo' },
    outcome: { status: 'not-run' },
  });
  expect(parts.upstream.of('tasks/update')).toHaveLength(1);
});

test('of a call that a person allowed, as long as the policy and the tool are the same', async () => {
  parts.rules.set('echo', { decision: 'ask' });
  const call = client.post('tools/call', { name: 'echo' });
  await until(() => parts.approvals.list().length === 1);
  const [prompt] = parts.approvals.list();
  await parts.approvals.decide({ id: prompt?.id as string, decision: 'allow', scope: 'once', by: 'me' });
  await call.done;
  expect((await update()).last.result).toBeDefined();
  parts.policyVersion = 'v2';
  expect((await update()).last.error?.message).toMatch(/Call the tool again/);
});

test('belongs to the client that called: another one hears that there is none', async () => {
  await client.tool('echo');
  const other = new ModernClient(parts.url(), 'claude-code');
  for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
    expect((await on(method, {}, other)).last.error).toEqual({ code: -32602, message: 'Unknown task: t1' });
  }
  const listen = await other.ask('subscriptions/listen', { notifications: { taskIds: ['t1'] } });
  expect(listen.last.error?.code).toBe(-32602);
  expect(parts.connections.flatMap((connection) => connection.of('tasks/get'))).toEqual([]);
});

test('one that nobody knows can be read and cancelled, not given more to do', async () => {
  await client.ask('tools/list');
  expect((await on('tasks/get')).last.result).toBeDefined();
  expect(last()?.record).toMatchObject({ tool: null, rule: 'gateway:pass' });
  expect((await on('tasks/cancel')).status).toBe(200);
  expect((await update()).last.error?.code).toBe(-32602);
  const undeclared = await client.ask('tasks/update', { taskId: 't1' });
  expect([undeclared.status, undeclared.last.error?.code]).toEqual([400, -32021]);
  expect(parts.upstream.of('tasks/update')).toEqual([]);
});

test('its end is recorded too when the server tells of it by itself', async () => {
  await client.tool('echo');
  const handle = parts.server.handle;
  parts.server.handle = (message, connection) =>
    message.method === 'subscriptions/listen' || handle?.(message, connection) === true;
  const asked = client.post(
    'subscriptions/listen',
    { notifications: { taskIds: ['t1'] } },
    { id: 'l', meta: KNOWS },
  );
  await until(() => parts.upstream.of('subscriptions/listen').length === 1);
  const _meta = { 'io.modelcontextprotocol/subscriptionId': 'l' };
  const say = (method: string, params: object) =>
    void parts.upstream.say({ jsonrpc: '2.0', method, params: { _meta, ...params } }, '"l"');
  say('notifications/subscriptions/acknowledged', { notifications: { taskIds: ['t1'] } });
  say('notifications/tasks', { taskId: 't1', status: 'working' });
  const before = parts.records.length;
  say('notifications/tasks', { taskId: 't1', status: 'completed', result: {} });
  await asked.message(({ params }) => (params as { status?: string }).status === 'completed');
  expect(parts.records.slice(before)).toMatchObject([
    {
      record: { method: 'notifications/tasks', tool: 'echo', rule: 'gateway:task' },
      outcome: { status: 'ok' },
    },
  ]);
  asked.request.destroy();
});

test('look-alikes of a task id are refused', async () => {
  const body = (extra: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"t1",${extra}}}`;
  for (const extra of ['"TaskId":"t2"', '"taskId":"t2"', '"task\\u0049d":"t2"'])
    expect((await client.send(body(extra))).last.error?.code).toBe(-32600);
});
