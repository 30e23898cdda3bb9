import { afterEach, beforeEach, expect, test } from 'vitest';
import { PATIENCE } from '../../../../main/core/clients/table/index.ts';
import { holdTime } from '../../../../main/core/gateway/call/hold.ts';
import { DEFAULT_LIMITS } from '../../../../main/core/gateway/limits.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { type Open, RawClient, until } from '../../../fakes/raw-client.ts';

let parts: Parts;
let clock: FakeClock;
let client: RawClient;
beforeEach(async () => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock, limits: { holds: PATIENCE } });
  parts.server.tools = [tool('run_command'), tool('echo')];
  parts.rules.set('run_command', {
    decision: 'ask',
    reason: 'Commands are looked at first',
    fields: ['args.cmd'],
  });
  client = new RawClient(parts.url(), 'codex');
  await client.initialize();
});
afterEach(async () => {
  await parts.stop();
});
const record = () => parts.records.at(-1);
const ran = () => parts.connections.flatMap((connection) => connection.of('tools/call'));
const prompt = async () => {
  await until(() => parts.approvals.list().length > 0);
  const [view] = parts.approvals.list();
  if (!view) throw new Error('no prompt');
  return view;
};
const decide = async (decision: 'allow' | 'deny', message?: string) => {
  const { id } = await prompt();
  return parts.approvals.decide({ id, decision, scope: 'once', by: 'Ada', ...(message ? { message } : {}) });
};
const held = async (call: Open) => {
  await call.head;
  return prompt();
};

test('the stream opens at once, the person sees the whole call, and Allow runs it', async () => {
  const call = client.openCall(5, 'run_command', { cmd: 'ls' });
  const head = await call.head;
  expect(head.headers['content-type']).toBe('text/event-stream');
  expect(await prompt()).toMatchObject({
    clientName: 'the client codex',
    server: 'files',
    tool: 'run_command',
    why: 'Commands are looked at first',
    fields: ['args.cmd'],
  });
  expect(ran()).toEqual([]);
  clock.advance(12_000);
  await decide('allow');
  const answer = await call.done;
  expect(answer.last).toMatchObject({ id: 5, result: { content: [{ text: 'ran' }] } });
  expect(ran()).toHaveLength(1);
  expect(record()).toMatchObject({
    record: { decision: 'approved', approvedBy: 'Ada', heldMs: 12_000 },
    outcome: { status: 'ok' },
  });
});

test('Deny reaches the agent with the words of the person', async () => {
  const call = client.openCall(5, 'run_command');
  await held(call);
  await decide('deny', 'Use the test folder');
  const { result } = (await call.done).last;
  expect(result?.isError).toBe(true);
  expect(result?.content?.[0]?.text).toContain('They say: Use the test folder.');
  expect(result?._meta?.['drawbridge/decision']?.decision).toBe('refused');
  expect(ran()).toEqual([]);
  expect(record()).toMatchObject({
    record: { decision: 'refused', approvedBy: 'Ada' },
    outcome: { status: 'not-run' },
  });
});

test('after 50 s the call is pending; a later Allow lets the identical call run once and only once', async () => {
  const call = client.openCall(5, 'run_command', { a: 1, b: 2 });
  const { id } = await held(call);
  clock.advance(50_000);
  const { result } = (await call.done).last;
  expect(result?.content?.[0]?.text).toContain(
    `approval pending (${id}); the person has been asked; call again with identical arguments`,
  );
  expect(result?._meta?.['drawbridge/decision']).toMatchObject({ decision: 'pending', approvalId: id });
  expect(record()?.record.decision).toBe('pending');
  await decide('allow');
  const again = await client.send(
    '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"run_command","arguments":{"b":2.0,"a":1}}}',
  );
  expect(again.last.result?.content?.[0]?.text).toBe('ran');
  const third = client.openCall(7, 'run_command', { a: 1, b: 2 });
  await held(third);
  expect(ran()).toHaveLength(1);
  third.request.destroy();
});

test('cancelling withdraws the prompt, answers nothing, and a later Allow runs nothing', async () => {
  const call = client.openCall(5, 'run_command');
  const { id } = await held(call);
  const cancelled = await client.send({
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId: 5 },
  });
  expect(cancelled.status).toBe(202);
  const answer = await call.done;
  expect(answer.messages).toEqual([]);
  expect(parts.approvals.list()).toEqual([]);
  await expect(parts.approvals.decide({ id, decision: 'allow', scope: 'once', by: 'Ada' })).rejects.toThrow();
  expect(ran()).toEqual([]);
  expect(parts.upstream.of('notifications/cancelled')).toEqual([]);
  expect(record()).toMatchObject({ record: { decision: 'withdrawn' }, outcome: { status: 'cancelled' } });
});

test('hanging up withdraws the prompt', async () => {
  const call = client.openCall(5, 'run_command');
  await held(call);
  call.request.destroy();
  await until(() => parts.approvals.list().length === 0);
  await until(() => record()?.record.decision === 'withdrawn');
  expect(ran()).toEqual([]);
});

test('progress goes out with the client token, growing, and never after the answer', async () => {
  const call = client.openCall(5, 'run_command', {}, { progressToken: 9007199254740991 });
  await held(call);
  clock.advance(7000);
  clock.advance(7000);
  clock.advance(7000);
  parts.server.handle = (message, connection) => {
    if (!message.call) return false;
    for (const progress of [0, 1])
      void connection.say({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 9007199254740991, progress },
      });
    return false;
  };
  await decide('allow');
  const answer = await call.done;
  const values = answer.messages
    .filter(({ method }) => method === 'notifications/progress')
    .map(({ params }) => (params as { progress: number }).progress);
  expect(values).toHaveLength(4);
  expect(values.every((value, i) => i === 0 || value > (values[i - 1] as number))).toBe(true);
  expect(values.at(-1)).toBe(1);
  expect(answer.last.result).toBeDefined();
});

test('no progress timer outlives its call', async () => {
  const timersLeft = async (id: number, meta?: object) => {
    const before = clock.waiting;
    const call = client.openCall(id, 'run_command', { id }, meta);
    await held(call);
    await decide('allow');
    await call.done;
    return clock.waiting - before;
  };
  const without = await timersLeft(5);
  expect(await timersLeft(6, { progressToken: 't' })).toBe(without);
});

test('Claude Code is held up to 30 minutes while it takes progress, otherwise as everyone', async () => {
  const patient = new RawClient(parts.url(), 'claude-code');
  await patient.initialize();
  const long = patient.openCall(5, 'run_command', { long: true }, { progressToken: 't' });
  await held(long);
  clock.advance(29 * 60_000);
  expect(parts.approvals.list()[0]?.state).toBe('holding');
  clock.advance(60_000);
  expect((await long.done).last.result?.content?.[0]?.text).toContain('approval pending');
  const short = patient.openCall(6, 'run_command', { long: false });
  await until(() => parts.approvals.list().length === 2);
  clock.advance(50_000);
  expect((await short.done).last.result?.content?.[0]?.text).toContain('approval pending');
});

test.each([
  ['cursor', false, 270_000],
  ['cursor', true, 270_000],
  ['gemini-cli', false, 540_000],
  ['opencode', false, 50_000],
  ['opencode', true, 1_800_000],
  ['claude-desktop', true, 50_000],
  ['codex', true, 50_000],
  ['somebody', false, 50_000],
  ['constructor', true, 50_000],
])('%s (progress: %s) is held for %d ms', (id, progress, ms) => {
  expect(holdTime(id, progress, { ...DEFAULT_LIMITS, holds: PATIENCE })).toBe(ms);
});

test('a policy that changed while the person was asked denies or asks again', async () => {
  const call = client.openCall(5, 'run_command');
  const first = await held(call);
  parts.policyVersion = 'v2';
  await decide('allow');
  await until(() => parts.approvals.list().some(({ id }) => id !== first.id));
  expect(ran()).toEqual([]);
  parts.rules.set('run_command', { decision: 'deny', reason: 'Not today' });
  await decide('allow');
  expect((await call.done).last.result?.content?.[0]?.text).toContain('Not today.');
  expect(ran()).toEqual([]);
});

test('a definition that changed while the person was asked asks again', async () => {
  const call = client.openCall(5, 'run_command');
  const first = await held(call);
  parts.catalogue.replace('files', [tool('run_command', { description: 'Something else' })]);
  await decide('allow');
  await until(() => parts.approvals.list().some(({ id }) => id !== first.id));
  expect(ran()).toEqual([]);
  call.request.destroy();
});

test('an id is not taken twice while its first call is held', async () => {
  const call = client.openCall(5, 'run_command');
  await held(call);
  const second = await client.send({
    jsonrpc: '2.0',
    id: 5.0,
    method: 'tools/call',
    params: { name: 'echo', arguments: {} },
  });
  expect(second.last.error?.code).toBe(-32600);
  expect(ran()).toEqual([]);
  await decide('allow');
  expect((await call.done).last.result?.content?.[0]?.text).toBe('ran');
});

test('a prompt withdrawn by others is told to the agent', async () => {
  const call = client.openCall(5, 'run_command');
  await held(call);
  parts.approvals.withdrawAll('The bridge was raised');
  const { result } = (await call.done).last;
  expect(result?.content?.[0]?.text).toContain('The bridge was raised.');
  expect(record()?.record.decision).toBe('withdrawn');
});

test('500 identical calls at once are one prompt, and one answer runs them all', {
  tags: ['slow'],
}, async () => {
  const calls = Array.from({ length: 500 }, (_, n) =>
    client.openCall(1000 + n, 'run_command', n % 2 === 0 ? { a: 1, b: 2 } : { b: 2, a: 1 }),
  );
  await until(() => parts.approvals.list()[0]?.count === 500);
  expect(parts.approvals.list()).toHaveLength(1);
  expect(ran()).toEqual([]);
  const { message } = await decide('allow');
  expect(message).toContain('500 identical calls run now.');
  const answers = await Promise.all(calls.map(({ done }) => done));
  expect(answers.every(({ last }) => last.result?.content?.[0]?.text === 'ran')).toBe(true);
  expect(ran()).toHaveLength(500);
});

test('a policy that changes while a person is asked is asked about at once', async () => {
  const call = client.openCall(5, 'run_command');
  const { id } = await held(call);
  parts.policyVersion = 'v2';
  parts.approvals.recheck(() => true, 'The policy changed.');
  expect(parts.approvals.list().map((each) => each.id)).toEqual([id]);
  await decide('allow');
  expect((await call.done).last.result?.content?.[0]?.text).toBe('ran');
  const second = client.openCall(6, 'run_command');
  await held(second);
  parts.rules.set('run_command', { decision: 'deny', reason: 'Not any more.' });
  parts.approvals.recheck(() => true, 'The policy changed.');
  expect((await second.done).last.result?.content?.[0]?.text).toContain('Not any more.');
  expect(ran()).toHaveLength(1);
});

test('a paused client is told at once, also for a call that waits', async () => {
  const call = client.openCall(5, 'run_command');
  await held(call);
  const reason = 'codex is paused.';
  parts.rules.set('run_command', { decision: 'deny', rule: 'client:paused', reason });
  parts.approvals.recheck(() => true, 'The settings changed.');
  const { result } = (await call.done).last;
  expect(result?.content?.[0]?.text).toContain('the person at this machine paused this client');
  expect(result?.content?.[0]?.text).toContain('until then do not call');
  expect(result?._meta?.['drawbridge/decision']).toMatchObject({ decision: 'deny', rule: 'client:paused' });
  const freeAt = clock.now() + 60_000;
  parts.rules.set('run_command', { decision: 'deny', rule: 'client:paused', reason, freeAt });
  const again = (await client.call('run_command')).last.result;
  expect(again?.content?.[0]?.text).toContain('(in 60 seconds)');
  expect(ran()).toEqual([]);
});

test('a comment keeps the line open every 15 s', async () => {
  const call = client.openCall(5, 'run_command');
  await held(call);
  clock.advance(45_500);
  await until(() => call.text().split(': keep-alive').length === 4);
  call.request.destroy();
});

/** ap-toctou-def: the server changes a tool while a person looks at a call of it. */
const changeTools = () => {
  parts.server.tools = [tool('run_command', { description: 'Now it sends mail.' }), tool('echo')];
  parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
};
const lists = () => parts.upstream.of('tools/list').length;

test('a changed list is read while a call waits, at most four times a second', async () => {
  await client.request('tools/list');
  const call = client.openCall(5, 'run_command');
  await held(call);
  const before = lists();
  for (let i = 0; i < 1000; i++) changeTools();
  expect(lists()).toBe(before);
  clock.advance(250);
  await until(() => lists() === before + 1);
  clock.advance(10_000);
  expect(lists()).toBe(before + 1);
  expect(parts.catalogue.find('files', 'run_command')?.definition.description).toBe('Now it sends mail.');
  call.request.destroy();
});

test('what a person allows the moment the server changes it is not run: the list is read, and they are asked again', async () => {
  await client.request('tools/list');
  const call = client.openCall(5, 'run_command');
  const { id, definitionHash } = await held(call);
  changeTools();
  await decide('allow');
  await until(() => parts.approvals.list().some((prompt) => prompt.id !== id));
  expect((await prompt()).definitionHash).not.toBe(definitionHash);
  expect(ran()).toEqual([]);
  await decide('allow');
  expect((await call.done).last.result?.content?.[0]?.text).toBe('ran');
  expect(ran()).toHaveLength(1);
});

test('what is allowed while the list is being read waits for a reading that began after the change', async () => {
  await client.request('tools/list');
  const call = client.openCall(5, 'run_command');
  const { id } = await held(call);
  const answers: (() => void)[] = [];
  const old = parts.server.tools;
  parts.server.handle = (message, connection) => {
    if (message.method !== 'tools/list') return false;
    const tools = answers.length === 0 ? old : parts.server.tools;
    answers.push(
      () =>
        void connection.say(
          `{"jsonrpc":"2.0","id":${message.id},"result":${JSON.stringify({ tools })}}`,
          message.id,
        ),
    );
    return true;
  };
  parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  clock.advance(250);
  await until(() => answers.length === 1);
  changeTools();
  await decide('allow');
  answers[0]?.();
  await until(() => answers.length === 2);
  expect(ran()).toEqual([]);
  answers[1]?.();
  await until(() => parts.approvals.list().some((prompt) => prompt.id !== id));
  expect(ran()).toEqual([]);
  call.request.destroy();
});

test('a call that is allowed while the list cannot be read is not run', async () => {
  await client.request('tools/list');
  const call = client.openCall(5, 'run_command');
  await held(call);
  parts.server.handle = (message, connection) => {
    if (message.method !== 'tools/list') return false;
    void connection.say(
      `{"jsonrpc":"2.0","id":${message.id},"error":{"code":-1,"message":"no"}}`,
      message.id,
    );
    return true;
  };
  changeTools();
  await decide('allow');
  expect(JSON.stringify((await call.done).last)).toContain('did not list its tools: no');
  expect(ran()).toEqual([]);
});
