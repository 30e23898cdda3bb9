/**
 * Stands for `drawbridge serve`: runs the fake gateway and says so in the core file. `FAKE_CORE=fail` does not start,
 * `FAKE_CORE=hang` never gets ready.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeCoreFile, writeCoreFile } from '../../main/host/data-folder/core-file.ts';
import { startFakeGateway } from './fake-gateway.ts';

const dataDir = process.argv[process.argv.indexOf('--data') + 1] as string;
appendFileSync(join(dataDir, 'starts'), `${process.pid} ${process.argv.slice(2, 4).join(' ')}\n`);
if (process.env.FAKE_CORE === 'fail') {
  console.error('port 1 is taken by another program');
  process.exit(3);
}
if (process.env.DRAWBRIDGE_TOKEN !== undefined) throw new Error("the client's token reached the core");
if (process.env.FAKE_CORE === 'hang') await new Promise((done) => setTimeout(done, 60_000));
const gateway = await startFakeGateway();
writeCoreFile(dataDir, {
  pid: process.pid,
  gateway: gateway.url,
  control: 'ws://127.0.0.1:9',
  ui: null,
  token: 'control',
  host: 'headless',
  startedAt: Date.now(),
});
process.on('SIGTERM', () => {
  removeCoreFile(dataDir, process.pid);
  process.exit();
});
