import { startControlServer } from '../../../main/host/transports/control-server.ts';
import type { UiCore } from './ui-core.ts';

export const TOKEN = 'test-token';

/** Serves a built interface and the in-memory core with the product's own control server: its headers, its protocol. */
export async function serveUiCore(
  uiDir: string,
  core: UiCore,
): Promise<{ origin: string; port: number; stop(): Promise<void> }> {
  const server = await startControlServer({
    token: TOKEN,
    port: null,
    uiDir,
    attach: (transport, role) => core.attach(transport, role),
  });
  return { origin: `http://127.0.0.1:${server.port}`, port: server.port, stop: () => server.stop() };
}
