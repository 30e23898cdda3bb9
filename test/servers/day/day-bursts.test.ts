import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../../renderer/features/approvals/queue/entries.ts';
import { until } from '../../fakes/raw-client.ts';
import { type Listed, Place, WholeCore } from '../whole-core.ts';

/** Many calls at once, and a core that is killed while calls are held: a whole core with real servers. */

const string = { type: 'string' };
const tool = (name: string, description: string, properties: object): Listed => ({
  name,
  description,
  inputSchema: { type: 'object', properties },
});
const TOOLS = [
  tool('run_command', 'Execute a shell command.', { command: string }),
  tool('create_note', 'Create a note.', { text: string }),
  tool('delete_note', 'Delete a note for good.', { id: string }),
  tool('get_secret', 'Read a secret from the vault.', { name: string }),
];
const POLICY = JSON.stringify({ version: '1', default: 'ask', tools: { run_command: { action: 'ask' } } });

let place: Place;
let whole: WholeCore | undefined;
let child: ChildProcess | undefined;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await whole?.stop();
  whole = undefined;
  if (child && child.exitCode === null) child.kill('SIGKILL');
  child = undefined;
  place.clear();
});

async function started(): Promise<WholeCore> {
  whole = await WholeCore.start(place);
  await whole.call('servers.add', { name: 'kit', config: place.server('kit', TOOLS) });
  await whole.call('servers.refresh', { name: 'kit' });
  await whole.call('policy.set', { server: 'kit', text: POLICY });
  return whole;
}

describe('many calls at once', () => {
  it('500 identical calls are one prompt, and one Allow runs all 500, once each', async () => {
    const core = await started();
    const client = await core.connect('cursor', 'kit');
    const most = { prompts: 0 };
    core.onState(() => {
      most.prompts = Math.max(most.prompts, core.state.approvals.length);
    });
    const answers = Array.from({ length: 500 }, () => client.call('run_command', { command: 'npm test' }));
    await core.sees(({ approvals }) => approvals[0]?.count === 500);
    expect(place.ran('kit')).toEqual([]);
    const [prompt] = core.state.approvals;
    if (!prompt) throw new Error('No prompt came.');
    const { id, argumentsDigest } = prompt;
    const decided = await core.call('approvals.decide', { id, decision: 'allow', argumentsDigest });
    expect(decided.outcome).toBe('ran');
    const results = await Promise.all(answers);
    expect(results.filter(({ last }) => last.result?.isError === undefined && last.result)).toHaveLength(500);
    expect(place.ran('kit')).toEqual(Array.from({ length: 500 }, () => ({ command: 'npm test' })));
    expect(most.prompts).toBe(1);
    expect(core.state.approvals).toEqual([]);
    // That was for those that waited. One more within the minute is what the loop guard is for, and a person is not asked.
    const next = await client.call('run_command', { command: 'npm test' });
    expect(next.last.result?.isError).toBe(true);
    expect(next.last.result?.content?.[0]?.text).toContain('looks like a loop');
    expect(place.ran('kit')).toHaveLength(500);
  });

  it('a burst of mixed classes never shares a prompt or an entry, and is not answered together', async () => {
    const core = await started();
    const client = await core.connect('cursor', 'kit');
    const other = await core.connect('claude-code', 'kit');
    const open = Array.from({ length: 24 }, (_, at) => {
      const each = TOOLS[at % TOOLS.length] as Listed;
      const [key = ''] = Object.keys((each.inputSchema as { properties: object }).properties);
      return (at < 16 ? client : other).openCall(at, each.name, { [key]: `value ${at}` });
    });
    await core.sees(({ approvals }) => approvals.length === 24);
    const { approvals } = core.state;
    const entries = entriesOf(approvals);
    // Four tools by two clients; whatever is in one entry is alike in everything a person judges.
    expect(entries.map(({ calls }) => calls.length).sort()).toEqual([2, 2, 2, 2, 4, 4, 4, 4]);
    for (const { calls } of entries)
      for (const what of ['clientId', 'server', 'tool', 'definitionHash', 'rule'] as const)
        expect(new Set(calls.map((call) => call[what])).size).toBe(1);
    for (const { calls } of entries)
      expect(new Set(calls.map(({ risk }) => `${risk.category} ${risk.severity} ${risk.flags}`)).size).toBe(
        1,
      );
    expect(new Set(entries.map(({ first }) => first.risk.category)).size).toBeGreaterThanOrEqual(3);

    const bound = (calls: typeof approvals) =>
      calls.map(({ id, argumentsDigest }) => ({ id, argumentsDigest }));
    const notes = approvals.filter((each) => each.tool === 'create_note' && each.clientId === 'cursor');
    const refusals = [
      [...notes, ...approvals.filter((each) => each.tool === 'delete_note').slice(0, 1)],
      [...notes, ...approvals.filter((each) => each.tool === 'create_note' && each.clientId !== 'cursor')],
      approvals,
    ];
    for (const calls of refusals)
      for (const decision of ['allow', 'deny'] as const)
        await expect(
          core.call('approvals.decideMany', { calls: bound(calls), decision }),
        ).rejects.toMatchObject({ code: 'refused' });
    // Critical ones are never allowed together, not even alike.
    const deletions = approvals.filter((each) => each.tool === 'delete_note' && each.clientId === 'cursor');
    expect(deletions[0]?.risk.severity).toBe('Critical');
    await expect(
      core.call('approvals.decideMany', { calls: bound(deletions), decision: 'allow' }),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(core.state.approvals).toHaveLength(24);
    expect(place.ran('kit')).toEqual([]);

    await core.call('approvals.decideMany', { calls: bound(notes), decision: 'allow' });
    await until(() => place.ran('kit').length === notes.length);
    expect(place.ran('kit', 'create_note')).toHaveLength(4);
    for (const each of open) each.request.destroy();
  });
});

describe('a core that is killed while calls are held', () => {
  it('runs none of them after the restart; each is recorded, and listed as missed', async () => {
    child = spawn(process.execPath, [join(import.meta.dirname, 'core-child.ts'), place.dir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((done) =>
      child?.stdout?.once('data', (part) => done(String(part))),
    );
    const { held } = JSON.parse(line) as { held: number };
    expect(held).toBe(3);
    const ended = new Promise((done) => child?.once('exit', done));
    child.kill('SIGKILL');
    await ended;

    whole = await WholeCore.start(place);
    await whole.sees(() => true);
    expect(whole.state.approvals).toEqual([]);
    const missed = await whole.call('approvals.missed', {});
    expect(missed.map(({ tool: name, how, count }) => [name, how, count]).sort()).toEqual([
      ['create_note', 'stopped', 1],
      ['delete_note', 'stopped', 1],
      ['run_command', 'stopped', 2],
    ]);
    const rows = await whole.call('audit.page', { server: 'kit', limit: 50 });
    for (const each of missed) {
      const row = rows.find(({ seq }) => seq === each.seq);
      expect(row).toMatchObject({ tool: each.tool, decision: 'withdrawn', status: 'not-run' });
    }
    expect((await whole.call('audit.verify', {})).ok).toBe(true);

    // The same call again is a new question, and nothing that waited before is run with it.
    const client = await whole.connect('cursor', 'kit');
    const answer = client.call('run_command', { command: 'rm -rf build' });
    await whole.sees(({ approvals }) => approvals.length === 1);
    expect(whole.state.approvals[0]?.count).toBe(1);
    expect(place.ran('kit')).toEqual([]);
    const { id = '', argumentsDigest = '' } = whole.state.approvals[0] ?? {};
    await whole.call('approvals.decide', { id, decision: 'allow', argumentsDigest });
    expect((await answer).last.result?.isError).toBeUndefined();
    expect(place.ran('kit')).toEqual([{ command: 'rm -rf build' }]);
  });
});
