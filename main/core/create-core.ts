import { join } from 'node:path';
import { contract } from '../../shared/contract.ts';
import { createRpcServer } from '../../shared/rpc/server.ts';
import type { Transport } from '../../shared/rpc/transport.ts';
import { gatewayPort } from '../../shared/text/core/gateway-port.ts';
import { changed } from '../../shared/text/core/rpc.ts';
import { assemble } from './assemble.ts';
import { doneWithin } from './base/bounded.ts';
import { PortTaken } from './gateway/index.ts';
import type { CoreOptions, CoreParts } from './parts.ts';
import { bringClients, renewTokens } from './rpc/gateway-port.ts';
import { handlers } from './rpc/handlers.ts';
import { finishRename } from './rpc/rename-server.ts';
import { watchParts } from './rpc/watch.ts';

/** How long each part of the end may take, ms; the app waits a minute for all of it. */
const STEP_MS = 12_000;

/** The whole product without a host: judges, holds, audits and forwards calls, edits clients, serves the contract. */
export interface Core {
  /** Listens on 127.0.0.1. `port` fixes the gateway's port from now on; without it the saved one is used. */
  start(port?: number): Promise<{ gateway: string }>;
  /** Serves one carrier under a role; returns how to stop serving it. */
  attach(transport: Transport, role: 'manager' | 'approver'): () => void;
  /** In order: prompts withdrawn, listeners closed, children ended, files closed. Nothing is left over. */
  stop(): Promise<void>;
  readonly parts: CoreParts;
}

export async function createCore(options: CoreOptions): Promise<Core> {
  const parts = await assemble(options);
  const { ports } = options;
  const watching = watchParts(parts, options);
  const server = createRpcServer(
    contract,
    handlers(parts, options),
    {
      state: (send) => parts.hub.subscribe(send),
      activity: (send) => parts.activity.subscribe((seq) => send({ seq })),
    },
    (name, error) => ports.log('error', `The call ${name} failed`, error),
  );
  const detach = new Set<() => void>();
  let stopping: Promise<void> | undefined;
  /** Part of the end: one that fails or hangs does not keep the others from being ended. */
  const step = async (what: string, end: () => Promise<unknown>): Promise<void> => {
    const failed = (error: unknown): void => ports.log('error', `${what} did not stop in order`, error);
    if (!(await doneWithin(ports.clock, STEP_MS, Promise.resolve().then(end), failed)))
      ports.log('error', `${what} did not stop within ${STEP_MS / 1000} seconds`);
  };
  let unwatchSettings: (() => void) | undefined;

  return {
    parts,
    async start(port) {
      const { settings, gateway, clients } = parts;
      // Servers and entries need its answer soon, and it may take a while.
      void parts.loginShell.look();
      const wanted = port ?? settings.get().gatewayPort;
      let renewed: readonly string[] = [];
      const { port: bound } = await gateway.start(wanted).catch(async (error: unknown) => {
        // Another program has it. A person who named the port is told; a saved one gives way to another.
        if (port !== undefined || !(error instanceof PortTaken)) throw error;
        // Before anything listens: the other program may have been sent the tokens, and could use them at once.
        if (!parts.isPortNew) renewed = await renewTokens(parts);
        return gateway.start(null);
      });
      parts.life.port = bound;
      if (settings.get().gatewayPort !== bound)
        await settings.update((doc) => ({ ...doc, gatewayPort: bound }));
      parts.life.listening = true;
      unwatchSettings = settings.watch();
      const catchUp = async (work: () => Promise<unknown>): Promise<void> => {
        await work().catch((error) =>
          ports.log('error', 'The files of clients could not be brought up to date', error),
        );
      };
      await catchUp(() => finishRename(parts, options));
      // No client's file names a port that was chosen just now.
      if (port === undefined && wanted !== null && wanted !== bound && !parts.isPortNew) {
        parts.life.moved = { from: wanted, to: bound };
        ports.log('warn', gatewayPort.moved(wanted, bound));
        await catchUp(() => bringClients(parts, { from: wanted, to: bound, renewed }));
      }
      const rescan = (): Promise<void> =>
        parts.clientScan.again().catch((error) => {
          // A core that stops ends the look early: that is no fault.
          if (!parts.life.stopping) ports.log('error', "The clients' files could not be looked at", error);
        });
      clients.watch(rescan);
      parts.loginShell.onChange(() => void rescan());
      void rescan();
      parts.audit.note('core-started', { version: options.version, pid: options.pid });
      parts.hub.touch('core');
      return { gateway: `http://127.0.0.1:${bound}` };
    },
    attach(transport, role) {
      const end = server.attach(transport, role);
      detach.add(end);
      transport.onClose(() => detach.delete(end));
      return end;
    },
    stop() {
      stopping ??= (async () => {
        parts.life.stopping = true;
        unwatchSettings?.();
        parts.approvals.withdrawAll(changed.stopping, 'stopped');
        watching.stop();
        parts.loginShell.stop();
        const clientsStopped = parts.clients.stop();
        parts.signIns.stop();
        await step('the gateway', () => parts.gateway.stop());
        await step('the servers', () => parts.upstreams.stop());
        await step("the work on the clients' files", () => clientsStopped);
        await step("the look at the clients' files", () => parts.clientScan.settled());
        for (const end of detach) end();
        parts.hub.stop();
        parts.policies.stop();
        if (parts.life.listening) parts.audit.note('core-stopped', {});
        parts.audit.close();
        parts.counters.settle();
        parts.stateDatabase.close();
        ports.log('debug', `Core for ${join(options.dataDir)} stopped`);
      })();
      return stopping;
    },
  };
}
