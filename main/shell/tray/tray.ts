import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import { tray as words } from '../../../shared/text/tray.ts';
import type { ShellView } from '../core/view.ts';
import {
  stateInWords,
  type TrayAction,
  type TrayLine,
  trayIcon,
  trayMenu,
  waitingCalls,
} from './tray-menu.ts';

export interface TrayOptions {
  readonly iconFolder: string;
  readonly platform: NodeJS.Platform;
  time(at: number): string;
  act(action: TrayAction): void;
}
export interface DrawbridgeTray {
  /** Shows a state. The menu is replaced each time: on Linux, changes in a menu that is set already do not show. */
  show(view: ShellView): void;
  destroy(): void;
}

/** The icon in the tray, a view of the state like every window. */
export function createTray(options: TrayOptions, first: ShellView): DrawbridgeTray {
  const { platform, iconFolder, act, time } = options;
  const image = (view: ShellView): Electron.NativeImage => {
    const suffix = platform === 'darwin' ? 'Template' : '';
    return nativeImage.createFromPath(join(iconFolder, `${trayIcon(view)}${suffix}.png`));
  };
  const tray = new Tray(image(first));
  let shown = '';
  let current = first;
  const show = (view: ShellView): void => {
    current = view;
    const lines = trayMenu(view, time);
    const tip = stateInWords(view, time);
    const icon = trayIcon(view);
    const waiting = waitingCalls(view);
    const next = JSON.stringify([lines, tip, icon, waiting]);
    // Most events change nothing that the tray shows; an open menu would be closed by setting it again.
    if (next === shown) return;
    shown = next;
    tray.setImage(image(view));
    tray.setToolTip(words.tooltip(tip));
    if (platform === 'darwin') tray.setTitle(waiting > 0 ? String(waiting) : '');
    tray.setContextMenu(Menu.buildFromTemplate(menuTemplate(lines, act)));
  };
  tray.on('click', () => {
    if (platform !== 'darwin') act({ do: waitingCalls(current) > 0 ? 'approvals' : 'open' });
  });
  show(first);
  return { show, destroy: () => tray.destroy() };
}

export function menuTemplate(
  lines: readonly TrayLine[],
  act: (action: TrayAction) => void,
): MenuItemConstructorOptions[] {
  return lines.map((line) => {
    if (line === null) return { type: 'separator' };
    const { label, action } = line;
    return action ? { label, click: () => act(action) } : { label, enabled: false };
  });
}
