/**
 * A core in a process of its own, for tests that kill it: `node core-child.ts folder`. It holds four calls of the server
 * `kit`, two of them identical, says so in one line of JSON, and waits.
 */
import { Place, WholeCore } from '../whole-core.ts';

const [, , dir] = process.argv;
if (dir === undefined) throw new Error('Usage: node core-child.ts folder');
const place = new Place(dir);
const tools = ['run_command', 'create_note', 'delete_note'].map((name) => ({
  name,
  description: name.replace('_', ' '),
  inputSchema: { type: 'object' },
}));
const core = await WholeCore.start(place);
await core.call('servers.add', { name: 'kit', config: place.server('kit', tools) });
await core.call('servers.refresh', { name: 'kit' });
await core.call('policy.set', { server: 'kit', text: '{ "version": "1", "default": "ask" }' });
const client = await core.connect('cursor', 'kit');
client.openCall(1, 'run_command', { command: 'rm -rf build' });
client.openCall(2, 'run_command', { command: 'rm -rf build' });
client.openCall(3, 'create_note', { text: 'a' });
client.openCall(4, 'delete_note', { id: 'b' });
await core.sees(
  ({ approvals }) => approvals.reduce((sum, { count }) => sum + count, 0) === 4 && approvals.length === 3,
);
process.stdout.write(`${JSON.stringify({ held: core.state.approvals.length })}\n`);
process.stdin.resume();
