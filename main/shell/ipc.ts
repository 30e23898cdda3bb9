import { type IpcMainEvent, ipcMain, type MessagePortMain } from 'electron';
import type { Role } from '../host/control-server.ts';
import { isOwnUrl } from './origin.ts';
import type { WindowKind } from './windows.ts';

const ROLES: Record<WindowKind, Role> = { manager: 'manager', approval: 'approver' };

/**
 * The one channel between pages and the main process: a page says that it is ready, and gets a port to the core with the
 * role of its window. Only the main frame of a window of ours, on our origin, is answered.
 * @param kindOf which of our windows a page belongs to, by the id of its contents
 * @param port a new port to the core; undefined while it is down, then the page is loaded again when it is back
 */
export function serveReady(
  kindOf: (contentsId: number) => WindowKind | undefined,
  port: (role: Role) => MessagePortMain | undefined,
): void {
  ipcMain.on('ready', (event) => {
    const kind = kindOf(event.sender.id);
    if (!kind || !fromOwnMainFrame(event)) return;
    const one = port(ROLES[kind]);
    if (one) event.sender.postMessage('port', null, [one]);
  });
}

function fromOwnMainFrame({ senderFrame, sender }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnUrl(senderFrame.url);
}
