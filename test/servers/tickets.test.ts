import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tool } from '../fakes/gateway-parts.ts';
import { type Open, type RawClient, until } from '../fakes/raw-client.ts';
import { ApprovalsKit, ASKING } from './approvals-kit.ts';

/** Whatever happens between a question and a call: nothing runs that was not shown (docs/design/approvals.md). */

let kit: ApprovalsKit;
let client: RawClient;
beforeEach(async () => {
  kit = await ApprovalsKit.start();
  client = await kit.client();
});
afterEach(async () => {
  await kit.stop();
});
let id = 100;
const raw = (from: RawClient, args: string, name = 'echo'): Open =>
  from.open(
    `{"jsonrpc":"2.0","id":${++id},"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`,
  );
const ARGS = '{"text":"é","n":1}';
/** A ticket for `echo` with ARGS from the client to `files`. */
const ticket = async (ranBefore = 0): Promise<void> => {
  const open = raw(client, ARGS);
  const { id: prompt } = await kit.prompt();
  await kit.holdOver(open);
  expect((await open.done).last.result?.content?.[0]?.text).toContain('approval pending');
  expect((await kit.allow(prompt)).outcome).toBe('ticket');
  expect(kit.ran()).toHaveLength(ranBefore);
};
/** Sends the call: it asks, or is answered without having run. */
const doesNotRun = async (open: Open): Promise<void> => {
  let over = false;
  open.done.then(
    () => {
      over = true;
    },
    // Hung up below, where it waits for the person.
    () => undefined,
  );
  await until(() => over || kit.prompts().length > 0);
  expect(kit.ran()).toEqual([]);
  open.request.destroy();
};

describe('a ticket', () => {
  test('is spent once by the identical call, however it is written', async () => {
    const spellings = [
      ['the keys in another order', '{"n":1,"text":"é"}'],
      ['other white space', '{ "text" : "é",\n"n":1 }'],
      ['another spelling of the number', '{"text":"é","n":1.0}'],
      ['another spelling of the text', '{"text":"\\u00e9","n":10e-1}'],
    ] as const;
    for (const [at, [how, args]] of spellings.entries()) {
      await ticket(at);
      await raw(client, args).done;
      expect(kit.ran(), how).toHaveLength(at + 1);
      const again = raw(client, args);
      await kit.prompt();
      expect(kit.ran(), how).toHaveLength(at + 1);
      again.request.destroy();
      await until(() => kit.prompts().length === 0);
    }
  });

  test('is no good for other arguments, and not spent by them', async () => {
    await ticket();
    for (const args of [
      '{"text":"é","n":2}',
      '{"text":"é","n":"1"}',
      '{"text":"é","n":1,"force":true}',
      '{"text":"é"}',
      // The same letters, otherwise composed.
      '{"text":"e\\u0301","n":1}',
      '{"text":"é\\u200b","n":1}',
      // A double cannot tell it from 1.
      '{"text":"é","n":1.00000000000000000001}',
    ]) {
      await doesNotRun(raw(client, args));
      await until(() => kit.prompts().length === 0);
    }
    await raw(client, ARGS).done;
    expect(kit.ran()).toHaveLength(1);
  });

  test('is no good for another tool, another server, or another client', async () => {
    await kit.addServer('other');
    await ticket();
    await doesNotRun(raw(client, ARGS, 'log'));
    await until(() => kit.prompts().length === 0);
    await doesNotRun(raw(await kit.client('codex', 'other'), ARGS));
    await until(() => kit.prompts().length === 0);
    await doesNotRun(raw(await kit.client('cursor'), ARGS));
    await until(() => kit.prompts().length === 0);
    await raw(client, ARGS).done;
    expect(kit.ran()).toHaveLength(1);
  });

  test('is no good for the same call with more beside its arguments', async () => {
    await ticket();
    await doesNotRun(
      client.open(
        `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":${ARGS},"requestState":"x"}}`,
      ),
    );
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'the definition changed',
      async () => {
        kit.tools([tool('echo', { description: 'Something else' }), tool('log')]);
        await kit.rpc.call('servers.refresh', { name: 'files' });
      },
    ],
    [
      'the policy changed',
      () =>
        kit.rpc.call('policy.set', {
          server: 'files',
          text: ASKING.replace('"log":{"action":"ask"}', '"log":{"action":"deny"}'),
        }),
    ],
    [
      'the bridge was raised in between',
      async () => {
        await kit.rpc.call('mode.set', { mode: 'raised' });
        expect(await kit.rpc.call('mode.set', { mode: null })).toEqual({ mode: 'enforce', until: null });
      },
    ],
    [
      'the client was paused in between',
      async () => {
        await kit.rpc.call('clients.pause', { client: 'codex' });
        await kit.rpc.call('clients.resume', { client: 'codex' });
      },
    ],
    ['five minutes passed, or the machine slept', async () => kit.clock.jump(5 * 60_000)],
    ['five minutes passed while the clock was set back', async () => kit.clock.jump(0, 5 * 60_000)],
    ['the clock was set back', async () => kit.clock.jump(-3_600_000)],
    [
      'Drawbridge was killed and started again',
      async () => {
        await kit.killAndStart();
        client = await kit.client();
      },
    ],
  ])('is no good after %s', async (_what, change) => {
    await ticket();
    await change();
    await doesNotRun(raw(client, ARGS));
  });

  test('two retries at the same time: exactly one runs', async () => {
    await ticket();
    const both = [raw(client, ARGS), raw(client, ARGS)];
    await Promise.race(both.map(({ done }) => done));
    await kit.prompt();
    expect(kit.ran()).toHaveLength(1);
    for (const open of both) open.request.destroy();
  });
});

describe('while the call is held', () => {
  test('a double click runs it once, and says so to the second', async () => {
    const open = raw(client, ARGS);
    const { id: prompt } = await kit.prompt();
    const answers = await Promise.allSettled([kit.allow(prompt), kit.allow(prompt)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await open.done;
    const again = raw(client, ARGS);
    await kit.prompt();
    expect(kit.ran()).toHaveLength(1);
    again.request.destroy();
  });

  test.each([
    [
      'cancelled',
      (open: Open, at: number) =>
        client
          .send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: at } })
          .then(() => open),
    ],
    ['hung up', async (open: Open) => void open.request.destroy()],
  ])('a call that was %s is not run by an approval after it', async (_how, give) => {
    const open = raw(client, ARGS);
    const { id: prompt } = await kit.prompt();
    await give(open, id);
    await until(() => kit.prompts().length === 0);
    await expect(kit.allow(prompt)).rejects.toMatchObject({ code: 'conflict' });
    await doesNotRun(raw(client, ARGS));
    expect((await kit.rpc.call('approvals.missed', {}))[0]).toMatchObject({
      id: prompt,
      how: 'gave-up',
      seq: expect.any(Number),
    });
  });

  test('a kill leaves it unrun, recorded, and on the list of missed calls', async () => {
    const open = raw(client, '{"text":"ping","api_key":"sk-ant-api03-canary-canary-canary"}');
    const { id: prompt } = await kit.prompt();
    await kit.killAndStart();
    expect(kit.prompts()).toEqual([]);
    const [missed, ...more] = await kit.rpc.call('approvals.missed', {});
    expect(more).toEqual([]);
    expect(missed).toMatchObject({ id: prompt, how: 'stopped', tool: 'echo', clientId: 'codex', count: 1 });
    expect(missed?.argumentsText).toContain('"ping"');
    expect(missed?.argumentsText).not.toContain('canary');
    const detail = await kit.rpc.call('audit.detail', { seq: missed?.seq ?? -1 });
    expect(detail).toMatchObject({ decision: 'withdrawn', status: 'not-run', tool: 'echo' });
    expect(detail.reason).toContain('Nothing was run');
    await expect(kit.allow(prompt)).rejects.toMatchObject({ code: 'not_found' });
    await kit.rpc.call('approvals.dismiss', { id: prompt });
    expect(await kit.rpc.call('approvals.missed', {})).toEqual([]);
    await kit.killAndStart();
    expect(kit.ran()).toEqual([]);
    open.request.destroy();
  });

  test('an orderly end answers it, and lists it as missed', async () => {
    const open = raw(client, ARGS);
    const { id: prompt } = await kit.prompt();
    await kit.core.stop();
    expect((await open.done).body).toContain('stop');
    await kit.killAndStart();
    const missed = await kit.rpc.call('approvals.missed', {});
    expect(missed).toMatchObject([{ id: prompt, how: 'stopped', seq: expect.any(Number) }]);
    expect(kit.ran()).toEqual([]);
  });

  test('pausing its client answers it at once; unknown clients are refused; a pause ends by itself', async () => {
    const open = raw(client, ARGS);
    await kit.prompt();
    await kit.rpc.call('clients.pause', { client: 'codex', minutes: 5 });
    const answer = (await open.done).last.result;
    expect(answer?.isError).toBe(true);
    expect(answer?._meta?.['drawbridge/decision']).toMatchObject({ decision: 'deny', rule: 'client:paused' });
    expect((await kit.rpc.call('core.state', {})).paused).toMatchObject([{ clientId: 'codex' }]);
    await expect(kit.rpc.call('clients.pause', { client: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
    });
    kit.clock.jump(5 * 60_000);
    expect((await kit.rpc.call('core.state', {})).paused).toEqual([]);
    const again = raw(client, ARGS);
    await kit.prompt();
    again.request.destroy();
    expect(kit.ran()).toEqual([]);
  });

  test('a mode that lets everything through runs what waits; a new policy that denies answers it', async () => {
    const open = raw(client, ARGS);
    await kit.prompt();
    await kit.rpc.call('mode.set', { mode: 'bypass', minutes: 1 });
    await open.done;
    expect(kit.ran()).toHaveLength(1);
    expect((await kit.rpc.call('mode.set', { mode: null })).mode).toBe('enforce');
    const second = raw(client, ARGS);
    await kit.prompt();
    await kit.rpc.call('policy.set', {
      server: 'files',
      text: '{"version":"1","default":"allow","tools":{"echo":{"action":"deny"}}}',
    });
    expect((await second.done).last.result?.isError).toBe(true);
    expect(kit.prompts()).toEqual([]);
    expect(kit.ran()).toHaveLength(1);
  });

  test('a change of policy elsewhere leaves the prompt, and Allow runs the call', async () => {
    const open = raw(client, ARGS);
    const before = await kit.prompt();
    await kit.rpc.call('policy.set', {
      server: 'files',
      text: ASKING.replace('"log":{"action":"ask"}', '"log":{"action":"deny"}'),
    });
    expect(kit.prompts().map((each) => each.id)).toEqual([before.id]);
    await kit.allow(before.id);
    await open.done;
    expect(kit.ran()).toHaveLength(1);
  });
});

describe('always', () => {
  test('writes the rule that was shown; other waiting calls that it covers run, others wait on', async () => {
    const fields = [
      { path: 'args.to', use: 'exactly' as const, value: '"ann"' },
      { path: 'args.text', use: 'any' as const, value: '""' },
    ];
    const one = raw(client, '{"to":"ann","text":"a"}');
    await until(() => kit.prompts().length === 1);
    const two = raw(client, '{"to":"ann","text":"b"}');
    const three = raw(client, '{"to":"bob","text":"c"}');
    await until(() => kit.prompts().length === 3);
    const [first] = kit.prompts();
    const draft = await kit.rpc.call('approvals.draftRule', { id: first?.id ?? '', fields });
    expect(draft).toMatchObject({ refused: null, effect: 'allow', clientId: 'codex' });
    const result = await kit.allow(first?.id ?? '', { scope: 'always', rule: fields });
    expect(result.message).toContain(draft.sentence);
    await Promise.all([one.done, two.done]);
    expect(kit.ran()).toHaveLength(2);
    expect((await kit.rpc.call('policy.get', { server: 'files' })).text).toBe(draft.text);
    expect(kit.prompts().map(({ argumentsText }) => argumentsText)).toEqual([expect.stringContaining('bob')]);
    await raw(client, '{"to":"ann","text":"d"}').done;
    expect(kit.ran()).toHaveLength(3);
    const wider = raw(client, '{"to":"ann","text":"d","cc":"eve"}');
    await until(() => kit.prompts().length === 2);
    wider.request.destroy();
    three.request.destroy();
    expect(kit.ran()).toHaveLength(3);
  });

  test('a rule that is saved is in the audit, also when the call does not run for it', async () => {
    await kit.core.parts.settings.update((old) => ({ ...old, loopGuard: { max: 1 } }));
    const first = raw(client, '{"to":"ann"}');
    await kit.allow((await kit.prompt()).id);
    await first.done;
    // Once the rule answers the policy's question, the loop guard has one of its own.
    const open = raw(client, '{"to":"ann"}');
    const { id: prompt } = await kit.prompt();
    await expect(kit.allow(prompt, { scope: 'always' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('The rule was saved, but'),
    });
    await until(() => kit.prompts()[0]?.rule === 'guard:loop');
    open.request.destroy();
    const { text: exported } = await kit.rpc.call('audit.export', { format: 'jsonl' });
    const noted = exported.split('\n').filter((line) => line.includes('"approval"') && line.includes(prompt));
    expect(noted.map((line) => JSON.parse(line).body.detail)).toMatchObject([
      {
        scope: 'always',
        outcome: 'not-run',
        client: 'codex',
        tool: 'echo',
        rule: expect.stringMatching(/^Always allow echo .* The rule was saved, but the policy does not let/),
      },
    ]);
  });

  test('a rule that would not speak of this call is refused, and the call waits on', async () => {
    const open = raw(client, '{"to":"ann"}');
    const { id: prompt } = await kit.prompt();
    await expect(
      kit.allow(prompt, { scope: 'always', rule: [{ path: 'args.to', use: 'exactly', value: '"bob"' }] }),
    ).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('still waiting') });
    expect((await kit.rpc.call('policy.get', { server: 'files' })).text).toBe(ASKING);
    expect(kit.prompts().map((each) => each.id)).toEqual([prompt]);
    open.request.destroy();
  });
});

describe('a grant that lasts', () => {
  test.each(['15m', 'session'] as const)(
    '%s: the loop guard still denies past twice its number',
    async (scope) => {
      await kit.core.parts.settings.update((old) => ({ ...old, loopGuard: { max: 3 } }));
      const first = raw(client, ARGS);
      const { id: prompt } = await kit.prompt();
      await kit.allow(prompt, { scope });
      await first.done;
      for (let ran = 2; ran <= 6; ran++) {
        await raw(client, ARGS).done;
        expect(kit.ran()).toHaveLength(ran);
      }
      const { result } = (await raw(client, ARGS).done).last;
      expect(result?.isError).toBe(true);
      expect(result?.content?.[0]?.text).toContain('looks like a loop');
      expect(kit.ran()).toHaveLength(6);
      expect(kit.prompts()).toEqual([]);
      // Other arguments are another call.
      if (scope === 'session') {
        await raw(client, '{"text":"other"}').done;
        expect(kit.ran()).toHaveLength(7);
      }
    },
  );

  test('a ticket does not speak against a loop, and is not spent by it', async () => {
    await kit.core.parts.settings.update((old) => ({ ...old, loopGuard: { max: 1 } }));
    for (const ran of [1, 2]) {
      const open = raw(client, ARGS);
      const { id: prompt } = await kit.prompt();
      await kit.allow(prompt);
      await open.done;
      expect(kit.ran()).toHaveLength(ran);
    }
    expect((await raw(client, ARGS).done).last.result?.content?.[0]?.text).toContain('looks like a loop');
    expect(kit.ran()).toHaveLength(2);
  });
});
