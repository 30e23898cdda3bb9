/**
 * `npm run interop [CLIENT …]`: real clients from npm against the built product. Each has a home folder of its own with its
 * real file in it; it is asked for its servers before, routed, and put back.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawbridge, type Home, programOf, type Serving, scratchHome, serve } from '../kit.ts';
import { CHECKS, type Check, type Direct } from './checks.ts';
import { install } from './install.ts';

interface ClientState {
  readonly id: string;
  readonly state: string;
  readonly lastHandshake: { at: number; software: string } | null;
}

const SERVERS = ['everything', 'files'];

async function stateOf(home: Home, id: string): Promise<ClientState> {
  const clients = (await drawbridge(home, 'clients', '--json')).json() as ClientState[];
  const found = clients.find((client) => client.id === id);
  assert.ok(found, `${id} is in the list of clients`);
  return found;
}

/** Asks the program; every server must be reached, in its own words. */
async function ask(check: Check, program: string, home: Home, when: string): Promise<void> {
  const said = await check.run(program, home);
  for (const server of SERVERS)
    assert.match(said, check.connected(server), `${when}, ${check.id} reaches ${server}`);
  const lines = said.split('\n').filter((line) => SERVERS.some((server) => line.includes(server)));
  for (const line of lines) console.log(`   ${when}: ${line.trim()}`);
}

async function tryClient(check: Check): Promise<void> {
  const { file, version } =
    check.program === 'inspector' ? { file: '', version: 'of this project' } : await install(check.program);
  console.log(`${check.id} (${check.program} ${version})`);
  const home = scratchHome();
  let serving: Serving | undefined;
  try {
    const shared = join(home.dir, 'shared');
    mkdirSync(shared);
    const servers: Direct[] = [
      { name: 'everything', args: [programOf('@modelcontextprotocol/server-everything'), 'stdio'] },
      { name: 'files', args: [programOf('@modelcontextprotocol/server-filesystem'), shared] },
    ];
    const before = check.write(servers);
    home.write(check.file, before);
    await ask(check, file, home, 'direct');
    // Some rewrite their own file when they run: what is put back is what stood there then.
    const direct = home.read(check.file);

    const routed = await drawbridge(home, 'connect', check.id, '--json');
    assert.equal(routed.code, 0, routed.stdout + routed.stderr);
    assert.equal((await stateOf(home, check.id)).state, 'routed');
    assert.equal((await stateOf(home, check.id)).lastHandshake, null);
    if (before.includes('kept')) assert.match(home.read(check.file), /kept/);
    serving = await serve(home);
    const asked = Date.now();
    await ask(check, file, home, 'routed');
    const { lastHandshake } = await stateOf(home, check.id);
    assert.ok(lastHandshake && lastHandshake.at >= asked, 'the gateway saw the client with its own token');
    console.log(`   gateway: ${lastHandshake.software}`);

    const restored = await drawbridge(home, 'disconnect', check.id, '--json');
    assert.equal(restored.code, 0, restored.stdout + restored.stderr);
    if (direct === before && check.id !== 'claude-code') assert.equal(home.read(check.file), before);
    await ask(check, file, home, 'restored');
  } finally {
    await serving?.stop();
    home.remove();
  }
}

const only = process.argv.slice(2);
const chosen = CHECKS.filter(({ id }) => only.length === 0 || only.includes(id));
if (chosen.length === 0 || chosen.length < only.length) {
  console.error(`Unknown client. There are: ${CHECKS.map(({ id }) => id).join(', ')}.`);
  process.exit(2);
}
const failed: string[] = [];
for (const check of chosen) {
  try {
    await tryClient(check);
  } catch (error) {
    failed.push(check.id);
    console.error(`   FAILED: ${(error as Error).stack}`);
  }
}
console.log(
  `\n${chosen.length - failed.length} of ${chosen.length} clients connect through Drawbridge${failed.length > 0 ? `; not: ${failed.join(', ')}` : ''}.`,
);
process.exit(failed.length > 0 ? 1 : 0);
