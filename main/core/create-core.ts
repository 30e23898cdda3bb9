import { join } from 'node:path';
import { contract } from '../../shared/contract.ts';
import { createRpcServer } from '../../shared/rpc/server.ts';
import type { Transport } from '../../shared/rpc/transport.ts';
import { changed } from '../../shared/text/core/rpc.ts';
import { assemble } from './assemble.ts';
import type { CoreOptions, CoreParts } from './parts.ts';
import { handlers } from './rpc/handlers.ts';
import { watchParts } from './rpc/watch.ts';

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

  return {
    parts,
    async start(port) {
      const { settings, gateway, clients } = parts;
      // Servers and entries need its answer soon, and it may take a while.
      void parts.loginShell.look();
      const wanted = port ?? settings.get().gatewayPort;
      const { port: bound } = await gateway.start(wanted).catch((error: unknown) => {
        // Another program took it since it was looked at. No client's file names it yet, so any other port will do.
        if (port === undefined && parts.isPortNew) return gateway.start(null);
        throw error;
      });
      if (settings.get().gatewayPort !== bound)
        await settings.update((doc) => ({ ...doc, gatewayPort: bound }));
      parts.life.listening = true;
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
        parts.approvals.withdrawAll(changed.stopping, 'stopped');
        watching.stop();
        parts.loginShell.stop();
        const clientsStopped = parts.clients.stop();
        parts.signIns.stop();
        await parts.gateway.stop();
        await parts.upstreams.stop();
        await clientsStopped;
        await parts.clientScan.settled();
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
