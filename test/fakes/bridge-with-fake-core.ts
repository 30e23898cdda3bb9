/** The bridge as it is, but for the core it starts: the fake one, and times that suit a test. */
import { fileURLToPath } from 'node:url';
import { runBridge } from '../../main/host/bridge.ts';

const [server = '', , dataDir = ''] = process.argv.slice(2);
const { stdin, stdout, stderr, env } = process;
const startMs = Number(env.TEST_START_MS ?? 10_000);
const code = await runBridge({
  server,
  dataDir,
  token: env.DRAWBRIDGE_TOKEN,
  stdin,
  stdout,
  stderr,
  env,
  coreCommand: [process.execPath, fileURLToPath(new URL('fake-core.ts', import.meta.url))],
  times: { startMs, patienceMs: 300, graceMs: 500 },
});
process.exit(code);
