import { gatewayPort as t } from '../../shared/text/core/gateway-port.ts';
import type { Core } from '../core/create-core.ts';
import { type ControlOptions, type ControlServer, startControlServer } from './transports/control-server.ts';

/** The server of the interface, wherever the settings say it is. */
export interface InterfaceServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves the interface, and follows the setting `uiPort` from then on: connections that are open go on, new ones go to the new
 * port. A port that is taken at the start gives way to another; one that is taken later is a problem, and all stays.
 * @param moved called with each new port
 */
export async function serveInterface(
  core: Core,
  options: ControlOptions,
  moved: (port: number) => void,
): Promise<InterfaceServer> {
  const { settings, life, hub } = core.parts;
  let server = await startControlServer(options);
  const left: ControlServer[] = [];
  let work: Promise<void> = Promise.resolve();
  let stopped = false;

  if (settings.get().uiPort !== server.port)
    await settings.update((doc) => ({ ...doc, uiPort: server.port }));

  const follow = async (): Promise<void> => {
    const wanted = settings.get().uiPort;
    life.uiPortProblem = undefined;
    if (stopped || wanted === null || wanted === server.port) return;
    const next = await startControlServer({ ...options, port: wanted });
    if (next.port !== wanted) {
      await next.stop();
      life.uiPortProblem = t.interfaceStays(server.port, t.taken(wanted));
    } else {
      server.leave();
      left.push(server);
      server = next;
      moved(wanted);
    }
    hub.touch('problems');
  };
  settings.onChange(() => {
    work = work.then(follow).catch((error: unknown) => {
      life.uiPortProblem = t.interfaceStays(server.port, String(error));
    });
  });
  return {
    get port() {
      return server.port;
    },
    async stop() {
      stopped = true;
      await work;
      for (const each of [...left, server]) await each.stop();
    },
  };
}
