import {
  app,
  type BrowserWindow,
  dialog,
  MessageChannelMain,
  nativeTheme,
  session,
  utilityProcess,
} from 'electron';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { tray as trayText } from '../../shared/text/tray.ts';
import { portTransport } from '../host/transports/port-transport.ts';
import { followCore } from './core/core-client.ts';
import { CoreSupervisor } from './core/core-supervisor.ts';
import { hasKeyStore, serveKeyStore } from './core/key-store.ts';
import { appProgram, loginItemOf } from './core/login-item.ts';
import type { ShellView } from './core/view.ts';
import { notify } from './notifications.ts';
import { allowSignIns } from './pages/external.ts';
import { serveReady } from './pages/ipc.ts';
import { lockSession } from './pages/lockdown.ts';
import { serveInterface } from './pages/protocol.ts';
import { shellPaths } from './paths.ts';
import { createTray } from './tray/tray.ts';
import { runTrayAction } from './tray/tray-actions.ts';
import { hasTrayHost } from './tray/tray-host.ts';
import { ApprovalPopup } from './windows/approval-window.ts';
import { Windows } from './windows/open-windows.ts';
import { openPreferences } from './windows/preferences.ts';

export interface Shell {
  /** Brings the manager window to the front, on a page of it. */
  open(hash?: string): void;
  /** Takes everything off the screen and stops the core in order. Resolves when its process is gone. */
  stop(): Promise<void>;
}

/** Joins the parts of the desktop app: core process, tray, windows. The app has to be ready. */
export function startShell(options: { dataDir: string; hidden: boolean }): Shell {
  const { platform, env } = process;
  const paths = shellPaths(app.getAppPath(), app.isPackaged ? process.resourcesPath : undefined, platform);
  const preferences = openPreferences(options.dataDir);
  lockSession(session.defaultSession);
  serveInterface(session.defaultSession, paths.renderer);

  let view: ShellView = { health: { kind: 'starting' }, state: null };
  let client: RpcClient<Contract> | undefined;
  let ending = false;

  const windows = new Windows({
    paths,
    preferences,
    platform,
    mayClose: () => hasTrayHost(platform, env),
    kept: (window) => void explainMissingTray(window),
    closed() {
      if (preferences.get('explainedTray')) return;
      preferences.set('explainedTray', true);
      notify(trayText.notification.closedToTray, () => windows.showManager());
    },
  });
  const after = (ms: number, fn: () => void): (() => void) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  };
  const popup = new ApprovalPopup({
    open: () => windows.get('approval'),
    make: () => windows.approval(),
    after,
  });

  const loginItem = loginItemOf(options.dataDir, platform);
  const supervisor = new CoreSupervisor(
    {
      dataDir: options.dataDir,
      bridge: paths.bridge,
      app: appProgram(env),
      ...(loginItem ? { loginItem } : {}),
      fork: () =>
        utilityProcess.fork(paths.coreProcess, [], { serviceName: 'Drawbridge core', stdio: 'inherit' }),
      channel() {
        const { port1, port2 } = new MessageChannelMain();
        return [port1, port2];
      },
      ...(hasKeyStore(platform) ? { keyStore: serveKeyStore } : {}),
      now: Date.now,
      after,
      killHard: (pid) => process.kill(pid, 'SIGKILL'),
    },
    {
      running(port) {
        const follower = followCore(portTransport(port), (state) => {
          if (client === follower) show({ health: { kind: 'running' }, state });
        });
        client = follower;
        void follower.closed.then(() => {
          if (client === follower) supervisor.connectionLost();
        });
        givePorts();
      },
      down(message, retryAt) {
        show({ health: { kind: 'down', message, retryAt }, state: null });
      },
      stopRequested: () => app.quit(),
    },
  );
  allowSignIns(async (url) => {
    // Asked again: the state that was sent last may be older than the sign-in that has just begun.
    const state = await client?.call('core.state', {});
    return state?.servers.some(({ signIn }) => signIn?.url === url) ?? false;
  });
  const givePorts = serveReady((id) => windows.kindOf(id), supervisor);

  const act = runTrayAction({
    windows,
    popup,
    view: () => view,
    client: () => client,
    restartCore: () => supervisor.start(),
  });
  const tray = createTray(
    {
      iconFolder: paths.trayIcons,
      platform,
      time: (at) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
      act,
    },
    view,
  );
  function show(next: ShellView): void {
    if (ending) return;
    view = next;
    tray.show(view);
    popup.update(view.state?.approvals ?? []);
  }

  nativeTheme.themeSource = 'system';
  supervisor.start();
  if (!options.hidden) windows.showManager();
  else
    void hasTrayHost(platform, env).then((has) => {
      // Started into a tray that is not there, it could not be reached.
      if (!has && !ending) windows.showManager();
    });

  return {
    open: (hash) => windows.showManager(hash),
    stop() {
      ending = true;
      windows.end();
      tray.destroy();
      return supervisor.stop();
    },
  };
}

/** On a Linux desktop without a tray a closed window could not be opened again. */
async function explainMissingTray(window: BrowserWindow): Promise<void> {
  const t = trayText.noTray;
  const { response } = await dialog.showMessageBox(window, {
    type: 'info',
    message: t.title,
    detail: t.detail,
    buttons: [t.minimise, t.keepOpen, t.quit],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0 && !window.isDestroyed()) window.minimize();
  if (response === 2) app.quit();
}
