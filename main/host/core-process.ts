import { messageOf } from '../../shared/base/message-of.ts';
import { stderrLog } from './node/log.ts';
import { type RunningCore, runCore } from './run-core.ts';
import type { Role } from './transports/control-server.ts';
import type { FromCore, ToCore } from './transports/core-messages.ts';
import { portKeyWrap } from './transports/port-key-wrap.ts';
import { portLoginItem } from './transports/port-login-item.ts';
import { type MainPort, portTransport } from './transports/port-transport.ts';

/**
 * Where the core lives in the app: an Electron utility process. The shell hands over ports; each serves the contract
 * under one role. Chromium ends this process at once when the app is gone, so there is nothing to watch for here.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToCore; ports: MainPort[] }) => void): unknown;
  postMessage(message: FromCore): void;
}
const { parentPort } = process as unknown as { parentPort: ParentPort };
const log = stderrLog(process.env.DRAWBRIDGE_LOG === 'debug' ? 'debug' : 'warn');

const loginItem = portLoginItem((message) => parentPort.postMessage(message));
let core: RunningCore | undefined;
let starting = false;
let stopping = false;
const early: { port: MainPort; role: Role }[] = [];

parentPort.on('message', ({ data, ports: [port] }) => {
  switch (data.type) {
    case 'start':
      if (!starting) void start(data, port);
      starting = true;
      break;
    case 'port':
      if (!port) break;
      if (core) core.attach(portTransport(port), data.role);
      else early.push({ port, role: data.role });
      break;
    case 'login-item':
      loginItem.answer(data);
      break;
    case 'stop':
      void stop();
  }
});

async function start(message: Extract<ToCore, { type: 'start' }>, keyPort?: MainPort): Promise<void> {
  try {
    const running = await runCore({
      dataDir: message.dataDir,
      host: 'electron',
      machineBridge: message.bridge,
      log,
      app: message.app,
      ...(message.hasLoginItem ? { askLoginItem: loginItem.ask } : {}),
      onStopRequest: () => {
        parentPort.postMessage({ type: 'stopping' });
        void stop();
      },
      ...(keyPort ? { keyWrap: portKeyWrap(keyPort) } : {}),
    });
    core = running;
    if (stopping) return await stop();
    parentPort.postMessage({
      type: 'running',
      gateway: running.info.gateway,
      pid: running.info.pid,
      own: running.own,
    });
    for (const { port, role } of early.splice(0)) running.attach(portTransport(port), role);
  } catch (error) {
    log('error', 'The core did not start', error);
    parentPort.postMessage({
      type: 'failed',
      message: messageOf(error),
    });
    end(1);
  }
}

/** While the core still starts, it is stopped as soon as it has. */
async function stop(): Promise<void> {
  stopping = true;
  if (starting && !core) return;
  try {
    await core?.stop();
    end(0);
  } catch (error) {
    log('error', 'The core did not stop in order', error);
    end(1);
  }
}

/** A message posted just before the end would be lost; one turn lets it leave. */
function end(code: number): void {
  setTimeout(() => process.exit(code), 50);
}
