import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Transport } from '../../shared/rpc/transport.ts';
import { common as t } from '../../shared/text/command-line/common.ts';
import { createCore } from '../core/create-core.ts';
import type { KeyWrap, Log, Machine } from '../core/ports.ts';
import type { AskLoginItem } from './autostart/login-item.ts';
import { createStartAtLogin } from './autostart/start-at-login.ts';
import { type CoreFile, removeCoreFile, writeCoreFile } from './data-folder/core-file.ts';
import { tryLock } from './data-folder/data-lock.ts';
import { runningCore } from './data-folder/running-core.ts';
import { type InterfaceServer, serveInterface } from './interface-server.ts';
import { installLaunchers } from './launcher/install.ts';
import type { Program } from './launcher/launcher-text.ts';
import { limitHeapGrowth } from './node/heap-growth.ts';
import { homeFolder, nodePorts } from './node/node-ports.ts';
import { VERSION } from './node/version.ts';
import type { Role } from './transports/control-server.ts';
import { connectControl } from './transports/ws-transport.ts';

export interface RunOptions {
  readonly dataDir: string;
  readonly host: 'electron' | 'headless';
  /** Fixes the gateway's port from now on. */
  readonly gatewayPort?: number;
  readonly uiPort?: number;
  readonly keyWrap?: KeyWrap;
  /** Folder of the built interface to serve to browsers; absent in the app, which has windows. */
  readonly uiDir?: string;
  /** A Node binary and the script of the bridge, as they lie now. Entries name the launcher that starts them. */
  readonly machineBridge: Machine['bridge'];
  /** What starts the desktop app; only in the app. */
  readonly app?: Program | undefined;
  /** Where the app is a login item of the system: how to ask for that. */
  readonly askLoginItem?: AskLoginItem | undefined;
  readonly log: Log;
  /** Someone asked the core to stop through the contract. The host stops it and ends. */
  readonly onStopRequest: () => void;
}
export interface RunningCore {
  /** `ui` carries its token in the fragment; null where this core serves no interface. */
  readonly info: {
    readonly gateway: string;
    readonly ui: string | null;
    readonly pid: number;
    /** At this start the saved port of the gateway was taken, and another was chosen. */
    readonly moved?: { readonly from: number; readonly to: number };
  };
  /** False: another process runs the core of this data folder, and this one only carries messages to it. */
  readonly own: boolean;
  attach(transport: Transport, role: Role): () => void;
  stop(): Promise<void>;
}

/** A command without a running core holds the lock for moments; a core of another process, for good. */
const LOCK_WAIT_MS = 15_000;
const LOCK_STEP_MS = 100;

/**
 * Runs the core of a data folder, or attaches to the one that runs already: there is never a second.
 * Throws when the gateway's port is taken by another program.
 */
export async function runCore(options: RunOptions): Promise<RunningCore> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const lock = tryLock(options.dataDir);
    if (lock) {
      try {
        return await start(options, lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    }
    const other = runningCore(options.dataDir);
    if (other) return attachTo(other);
    if (Date.now() > deadline) throw new Error(`${t.dataHeld(options.dataDir)} ${t.endHolder}`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_STEP_MS));
  }
}

async function start(options: RunOptions, lock: { release(): void }): Promise<RunningCore> {
  const { dataDir } = options;
  limitHeapGrowth();
  const core = await createCore({
    ports: nodePorts({
      bridge: installLaunchers(dataDir, { bridge: options.machineBridge, app: options.app }),
      startAtLogin: createStartAtLogin({
        platform: process.platform,
        env: process.env,
        home: homeFolder(),
        dataDir,
        app: options.app !== undefined,
        askLoginItem: options.askLoginItem,
      }),
      log: options.log,
      ...(options.keyWrap ? { keyWrap: options.keyWrap } : {}),
    }),
    dataDir,
    version: VERSION,
    host: options.host,
    pid: process.pid,
    onStopRequest: options.onStopRequest,
  });
  const token = randomBytes(32).toString('base64url');
  let control: InterfaceServer | undefined;
  try {
    const { gateway } = await core.start(options.gatewayPort);
    const uiAt = (port: number): string | null =>
      options.uiDir ? `http://127.0.0.1:${port}/#token=${token}` : null;
    let file: CoreFile | undefined;
    // Bridges and commands that look for a core find there where it is now.
    const tell = (change: Partial<CoreFile>): void => {
      if (!file) return;
      file = { ...file, ...change };
      writeCoreFile(dataDir, file);
    };
    control = await serveInterface(
      core,
      {
        token,
        port: options.uiPort ?? core.parts.settings.get().uiPort,
        uiDir: options.uiDir ?? null,
        attach: (transport, role) => void core.attach(transport, role),
      },
      (port) => tell({ control: `ws://127.0.0.1:${port}`, ui: uiAt(port) }),
    );
    const server = control;
    const ui = uiAt(server.port);
    file = {
      pid: process.pid,
      gateway: `http://127.0.0.1:${core.parts.life.port}`,
      control: `ws://127.0.0.1:${server.port}`,
      ui,
      token,
      host: options.host,
      startedAt: Date.now(),
    };
    writeCoreFile(dataDir, file);
    core.parts.life.onPort = (port) => tell({ gateway: `http://127.0.0.1:${port}` });
    const { moved } = core.parts.life;
    return {
      info: { gateway, ui, pid: process.pid, ...(moved ? { moved } : {}) },
      own: true,
      attach: (transport, role) => core.attach(transport, role),
      async stop() {
        removeCoreFile(dataDir, process.pid);
        await core.stop();
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    await control?.stop();
    await core.stop();
    throw error;
  }
}

function attachTo(other: CoreFile): RunningCore {
  return {
    info: { gateway: other.gateway, ui: other.ui, pid: other.pid },
    own: false,
    attach(transport, role) {
      const remote = connectControl(other.control, other.token, role);
      transport.onMessage((text) => void remote.then((to) => to.send(text)));
      transport.onClose(() => void remote.then((to) => to.close()));
      remote.then(
        (from) => {
          from.onMessage((text) => transport.send(text));
          from.onClose(() => transport.close());
        },
        () => transport.close(),
      );
      return () => transport.close();
    },
    stop: async () => {},
  };
}

/** Where the built interface lies beside the built programs. */
export function builtUiDir(outMain: string): string {
  return join(outMain, '..', 'renderer');
}
