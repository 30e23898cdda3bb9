import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawClient } from '../../fakes/raw-client.ts';
import { Place, WholeCore } from '../whole-core.ts';

/** Policies tried on, and rules made from, calls that were really made through the gateway to a real server. */

const place = new Place();
let whole: WholeCore;
let cursor: RawClient;
const schema = { type: 'object', properties: { to: { type: 'string' }, password: { type: 'string' } } };
const POLICY = { version: '1', default: 'allow', tools: { drop: { action: 'deny' } } };
const textOf = (document: object) => `${JSON.stringify(document, null, 2)}\n`;

beforeAll(async () => {
  whole = await WholeCore.start(place);
  const tools = ['send', 'drop'].map((name) => ({ name, description: `${name} it`, inputSchema: schema }));
  await whole.call('servers.add', { name: 'mail', config: place.server('mail', tools) });
  await whole.call('servers.refresh', { name: 'mail' });
  await whole.call('policy.set', { server: 'mail', text: textOf(POLICY) });
  cursor = await whole.connect('cursor', 'mail');
  for (const to of ['a', 'a', 'b']) await call('send', { to });
  await call('send', { to: 'a', password: 'correct horse battery staple' });
  await call('drop', {});
});
afterAll(async () => {
  await whole.stop();
  place.clear();
});

async function call(name: string, args: object): Promise<unknown> {
  return cursor.request('tools/call', { name, arguments: args });
}

test('a policy is tried on them, and nothing is changed by it', async () => {
  const edited = textOf({ ...POLICY, tools: { send: { rate_limit: '2/minute' }, drop: { action: 'ask' } } });
  const result = await whole.call('policy.simulate', { server: 'mail', text: edited });
  expect(result.sentence).toBe(
    'Of your last 5 calls this would have denied 2, asked 1. The policy in force would have denied 1, asked 0; 3 calls are judged otherwise.',
  );
  expect(
    result.rows.map(({ tool, before, after }) => `${tool}: ${before.decision} -> ${after.decision}`),
  ).toEqual(['drop: deny -> ask', 'send: allow -> deny', 'send: allow -> deny']);
  expect((await whole.call('policy.get', { server: 'mail' })).text).toBe(textOf(POLICY));
  await expect(whole.call('policy.simulate', { server: 'mail', text: '{}' })).rejects.toMatchObject({
    code: 'bad_input',
  });
  await expect(whole.call('policy.simulate', { server: 'none', text: edited })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a rule is made of one of them, saved, and in force', async () => {
  const rows = await whole.call('audit.page', { server: 'mail', tool: 'send' });
  const [secret, last] = rows;
  const redacted = await whole.call('policy.draftRule', { seq: secret?.seq ?? 0, effect: 'deny' });
  expect(redacted.refused).toContain('args.password was redacted');
  const any = redacted.fields.map((one) =>
    one.path === 'args.password' ? { ...one, use: 'any' as const } : one,
  );
  const freed = await whole.call('policy.draftRule', { seq: secret?.seq ?? 0, effect: 'deny', fields: any });
  expect(freed).toMatchObject({ refused: null, matched: 3, unclear: 0, of: 5 });

  const draft = await whole.call('policy.draftRule', { seq: last?.seq ?? 0, effect: 'deny' });
  expect(draft).toMatchObject({
    refused: null,
    clientId: 'cursor',
    sentence: expect.stringMatching(/^Always deny send from .+ when to is "b"\.$/),
    matched: 1,
    of: 5,
  });
  await whole.call('policy.set', { server: 'mail', text: draft.text });
  expect(JSON.stringify(await call('send', { to: 'b' }))).toContain('clients/cursor/tools/send/deny_if/0');
  expect(JSON.stringify(await call('send', { to: 'a' }))).not.toContain('deny_if');
  await expect(whole.call('policy.draftRule', { seq: 999_999, effect: 'deny' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('observed calls ran without a question: trials, health and rules take them for what they were', async () => {
  const text = textOf({
    version: '1',
    default: 'allow',
    tools: { send: { action: 'ask', rate_limit: '2/minute' }, drop: { action: 'deny' } },
  });
  const tools = ['send', 'drop'].map((name) => ({ name, description: `${name} it`, inputSchema: schema }));
  await whole.call('servers.add', { name: 'watched', config: place.server('watched', tools) });
  await whole.call('servers.refresh', { name: 'watched' });
  await whole.call('policy.set', { server: 'watched', text });
  await whole.call('mode.set', { server: 'watched', mode: 'observe' });
  const health = await whole.call('approvals.health', { days: 7 });
  const client = await whole.connect('cursor', 'watched');
  for (const to of ['a', 'b', 'c']) await client.request('tools/call', { name: 'send', arguments: { to } });
  await client.request('tools/call', { name: 'drop', arguments: {} });
  expect(place.ran('watched')).toHaveLength(4);
  const all = await whole.call('audit.page', { server: 'watched' });
  const rows = all.filter(({ would }) => would !== null);
  expect(rows.map(({ decision, would }) => `${decision} ${would}`)).toEqual([
    'allow deny',
    'allow deny',
    'allow ask',
    'allow ask',
  ]);
  // Nobody was asked, so nobody answered or missed anything.
  expect(whole.state.approvals).toEqual([]);
  expect(await whole.call('approvals.missed', {})).toEqual([]);
  expect(await whole.call('approvals.health', { days: 7 })).toEqual(health);
  // Tried as if enforced: two questions, whose calls ran and fill the limit, and two denials.
  const trial = await whole.call('policy.simulate', { server: 'watched', text });
  expect(trial).toMatchObject({ calls: 4, changed: 0, after: { allow: 0, ask: 2, deny: 2, hide: 0 } });
  const asked = rows.find(({ would }) => would === 'ask');
  const draft = await whole.call('policy.draftRule', { seq: asked?.seq ?? 0, effect: 'allow' });
  expect(draft).toMatchObject({ refused: null, effect: 'allow', matched: 1, of: 4 });
});

test('the command line imports, puts in force, and tries', async () => {
  await whole.stop();
  const yaml = join(place.dir, 'policy.yaml');
  writeFileSync(yaml, 'version: 1\ntools: {send: {rules: [{name: few, rate_limit: 1/hour}]}}\n');
  const read = await run('policy', 'import', yaml);
  expect(read.code).toBe(0);
  expect(JSON.parse(read.stdout).tools.send.limits).toHaveLength(1);
  expect(read.stderr).toContain('Windows slide here');
  const json = await run('policy', 'import', yaml, '--json');
  expect(Object.keys(JSON.parse(json.stdout))).toEqual(['text', 'problems', 'changes', 'sentences']);
  const put = await run('policy', 'import', yaml, '--server', 'mail');
  expect(put.stderr).toContain('In force for mail: version ');
  const got = await run('policy', 'get', 'mail');
  expect(JSON.parse(got.stdout)).toEqual(JSON.parse(read.stdout));

  const document = join(place.dir, 'edited.json');
  writeFileSync(document, textOf({ version: '1', default: 'deny' }));
  const tried = await run('policy', 'simulate', 'mail', document, '--calls', '3');
  expect(tried.stdout).toMatch(/^Of your last 3 calls this would have denied 3, asked 0\. /);

  writeFileSync(yaml, 'version: 1\ntoolz: {}\n');
  const broken = await run('policy', 'import', yaml);
  expect(broken).toMatchObject({ code: 1, stdout: '' });
  expect(broken.stderr).toContain('/toolz: Line 2, column 1: "toolz" is not known here.');
  expect(broken.stderr).toContain('(tools)');
}, 30_000);

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = join(import.meta.dirname, '../../../main/host/cli.ts');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, ...args],
      {
        env: {
          HOME: place.dir,
          PATH: process.env.PATH,
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          DRAWBRIDGE_DATA: place.dataDir,
        },
      },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}
