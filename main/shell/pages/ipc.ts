import { type IpcMainEvent, ipcMain, type MessagePortMain, type WebContents } from 'electron';
import type { Role } from '../../host/transports/control-server.ts';
import type { WindowKind } from '../windows/windows.ts';
import { isOwnUrl } from './origin.ts';

const ROLES: Record<WindowKind, Role> = { manager: 'manager', approval: 'approver' };

export interface PortSource {
  /** Counts the cores that were started; a page needs a new port for each. */
  readonly generation: number;
  /** A new port to the core, or undefined while it is down. */
  port(role: Role): MessagePortMain | undefined;
}

/**
 * The one channel between pages and the main process: a page says that it is ready, and gets a port to the core with the
 * role of its window. Only the main frame of a window of ours, on our origin, is answered.
 * @param kindOf which of our windows a page belongs to, by the id of its contents
 * @returns gives a port to each page that has none to the core that runs now
 */
export function serveReady(
  kindOf: (contentsId: number) => WindowKind | undefined,
  source: PortSource,
): () => void {
  const served = new Map<WebContents, number>();
  const give = (contents: WebContents): void => {
    const kind = kindOf(contents.id);
    const port = kind && source.port(ROLES[kind]);
    if (!port) return;
    served.set(contents, source.generation);
    contents.postMessage('port', null, [port]);
  };
  ipcMain.on('ready', (event) => {
    const { sender } = event;
    if (!kindOf(sender.id) || !fromOwnMainFrame(event)) return;
    if (!served.has(sender)) sender.once('destroyed', () => served.delete(sender));
    served.set(sender, 0);
    give(sender);
  });
  return () => {
    for (const [contents, generation] of served) if (generation !== source.generation) give(contents);
  };
}

function fromOwnMainFrame({ senderFrame, sender }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnUrl(senderFrame.url);
}
