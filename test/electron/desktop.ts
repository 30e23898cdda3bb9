import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NotificationsStandIn, startNotifications } from './notifications-stand-in.ts';
import { startTray, type TrayStandIn } from './tray-stand-in.ts';

/** A display and a session bus of its own, with a tray and notifications on it. */
export interface Desktop {
  readonly env: { readonly DISPLAY: string; readonly DBUS_SESSION_BUS_ADDRESS: string };
  readonly tray: TrayStandIn;
  readonly notifications: NotificationsStandIn;
  stop(): Promise<void>;
}

export async function startDesktop(): Promise<Desktop> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-desktop-'));
  const busPath = join(folder, 'bus');
  const [display, xvfb] = await firstLine(
    spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    }),
    3,
  );
  const [, daemon] = await firstLine(
    spawn('dbus-daemon', ['--session', '--nofork', `--address=unix:path=${busPath}`, '--print-address=3'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    }),
    3,
  );
  const tray = await startTray(busPath);
  const notifications = await startNotifications(busPath);
  return {
    env: { DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: `unix:path=${busPath}` },
    tray,
    notifications,
    async stop() {
      tray.stop();
      notifications.stop();
      await Promise.all([end(daemon), end(xvfb)]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess, fd: number): Promise<[string, ChildProcess]> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)));
    child.stdio[fd]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve([text.trim(), child]);
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
