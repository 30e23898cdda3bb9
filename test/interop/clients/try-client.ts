import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawbridge, type Home, programOf, type Serving, scratchHome, serve } from '../kit.ts';
import { type Installed, install } from './install.ts';
import { standInModel } from './model/stand-in-model.ts';
import type { Outcome, StepName } from './outcome.ts';
import { nothingOutside } from './outside.ts';
import type { Check, Direct, Place } from './program.ts';
import { told } from './told.ts';

interface ClientState {
  readonly id: string;
  readonly state: string;
  readonly lastHandshake: { at: number; software: string } | null;
}
interface AuditRow {
  readonly clientId: string;
  readonly server: string;
  readonly method: string;
  readonly tool: string | null;
  readonly status: string;
}

const SERVERS = ['everything', 'files'];

/** Tries one client from the first start to the last; says what happens as it does. Never throws. */
export async function tryClient(check: Check): Promise<Outcome> {
  let installed: Installed;
  try {
    installed = check.program === 'inspector' ? { file: '', version: '' } : await install(check.program);
  } catch (error) {
    console.error(`${check.id}\n   SKIPPED: ${(error as Error).message}`);
    return { id: check.id, program: check.program, shown: {}, skipped: (error as Error).message };
  }
  const program = `${check.program} ${installed.version}`.trimEnd();
  console.log(`${check.id} (${program})`);
  const shown: Partial<Record<StepName, string>> = {};
  const note = (step: StepName, text: string): void => {
    shown[step] = text;
    console.log(`   ${step}: ${text}`);
  };
  const place = { home: scratchHome(), outside: await nothingOutside(), model: await standInModel() };
  try {
    await steps(check, installed.file, place, note);
    return { id: check.id, program, shown };
  } catch (error) {
    console.error(`   FAILED: ${(error as Error).stack}`);
    return { id: check.id, program, shown, error: (error as Error).message };
  } finally {
    const asked = place.outside.asked();
    if (asked.length > 0) console.log(`   wanted to leave this machine, and could not: ${asked.join(', ')}`);
    await place.model.close();
    await place.outside.close();
    place.home.remove();
  }
}

async function steps(
  check: Check,
  program: string,
  place: Place,
  note: (step: StepName, text: string) => void,
): Promise<void> {
  const { home } = place;
  const shared = join(home.dir, 'shared');
  mkdirSync(shared);
  const servers: Direct[] = [
    { name: 'everything', args: [programOf('@modelcontextprotocol/server-everything'), 'stdio'] },
    { name: 'files', args: [programOf('@modelcontextprotocol/server-filesystem'), shared] },
  ];
  const before = check.write(servers, place.model.url);
  home.write(check.file, before);
  await check.prepare?.(program, place);
  await ask(check, program, place, 'direct');
  // What is put back is what stands there now: some write their own file when they first run.
  const direct = home.read(check.file);
  note('direct', direct === before ? 'yes' : 'yes, it wrote its file');

  const serving: Serving = await serve(home);
  try {
    const routed = await drawbridge(home, 'connect', check.id, '--json');
    assert.equal(routed.code, 0, routed.stdout + routed.stderr);
    const { state, lastHandshake } = await stateOf(home, check.id);
    assert.equal(state, 'routed');
    assert.equal(lastHandshake, null);
    const text = home.read(check.file);
    if (before.includes('kept')) assert.match(text, /kept/, 'the comments are kept');
    for (const { args } of servers)
      assert.ok(!text.includes(String(args[0])), 'no server is left that the client starts itself');
    const asked = Date.now();
    await ask(check, program, place, 'routed');
    note('routed', 'yes');
    note('own token', await seen(check, home, asked));
    note('told', check.talk ? await told(check, program, place) : 'no model');

    const restored = await drawbridge(home, 'disconnect', check.id, '--json');
    assert.equal(restored.code, 0, restored.stdout + restored.stderr);
  } finally {
    await serving.stop();
  }
  const after = home.read(check.file);
  if (check.rewrites) {
    assert.deepEqual(JSON.parse(after).mcpServers, JSON.parse(direct).mcpServers);
    note('put back', 'same entries');
  } else {
    assert.equal(after, direct, 'the file is as it was, byte for byte');
    note('put back', 'same bytes');
  }
  // The gateway is gone: nothing but the client's own entries can work now.
  await ask(check, program, place, 'direct again');
  note('direct again', 'yes');
}

/** Asks the program; every server must be reached, in its own words. */
async function ask(check: Check, program: string, place: Place, when: string): Promise<void> {
  const said = await check.run(program, place);
  for (const server of SERVERS)
    assert.match(said, check.connected(server), `${when}, ${check.id} does not reach ${server}:\n${said}`);
}

/** What the gateway knows of the client after it was there with its own token; fails where it was not, or came as another. */
async function seen(check: Check, home: Home, since: number): Promise<string> {
  const { lastHandshake } = await stateOf(home, check.id);
  assert.ok(lastHandshake && lastHandshake.at >= since, 'the gateway saw the client with its own token');
  const record = await drawbridge(home, 'audit', 'tail', '--rows', '1000', '--json');
  const lines = record.stdout.split('\n').filter((line) => line !== '');
  const rows = lines.map((line) => JSON.parse(line) as AuditRow);
  for (const { clientId } of rows)
    assert.equal(clientId, check.id, 'nothing is recorded under another client');
  const calls = rows
    .filter(({ method }) => method === 'tools/call')
    .map(({ server, tool, status }) => `${server} ${tool} ${status}`);
  assert.deepEqual(calls, check.calls ? ['everything echo ok', 'files read_text_file ok'] : []);
  const reached = new Set(rows.map(({ server }) => server));
  assert.deepEqual([...reached].sort(), SERVERS, 'each server was reached through the gateway');
  return `${lastHandshake.software}, ${rows.length} recorded${check.calls ? `, ${calls.length} calls` : ''}`;
}

async function stateOf(home: Home, id: string): Promise<ClientState> {
  const clients = (await drawbridge(home, 'clients', '--json')).json() as ClientState[];
  const found = clients.find((client) => client.id === id);
  assert.ok(found, `${id} is in the list of clients`);
  return found;
}
