import { busNameHasOwner } from './dbus.ts';

/**
 * Whether the desktop shows tray icons. macOS and Windows always do. On Linux a program has to own the name of the
 * StatusNotifierItem watcher; GNOME without an extension has none.
 */
export async function hasTrayHost(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  const address =
    env.DBUS_SESSION_BUS_ADDRESS ||
    (env.XDG_RUNTIME_DIR ? `unix:path=${env.XDG_RUNTIME_DIR}/bus` : undefined);
  if (!address) return false;
  try {
    return await busNameHasOwner(address, 'org.kde.StatusNotifierWatcher');
  } catch {
    // No bus, no tray: the icon is drawn through it.
    return false;
  }
}
