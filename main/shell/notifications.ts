import { Notification } from 'electron';
import type { ApprovalView } from '../../shared/schemas/approval.ts';
import { type Notice, tray } from '../../shared/text/tray.ts';
import { notificationText } from './visible-text.ts';

const NAME_MAX = 60;

/** Who wants what where. Names come from servers and agents: escaped, and never the arguments. */
export function approvalNotice({ clientName, tool, server }: ApprovalView): Notice {
  return tray.notification.call(
    notificationText(clientName, NAME_MAX),
    notificationText(tool, NAME_MAX),
    notificationText(server, NAME_MAX),
  );
}

/** Shows a notification where the desktop has them; `onClick` runs when it is chosen. Returns how to take it back. */
export function notify(notice: Notice, onClick?: () => void): () => void {
  if (!Notification.isSupported()) return () => {};
  const notification = new Notification({ ...notice, silent: true });
  if (onClick) notification.on('click', onClick);
  notification.show();
  return () => notification.close();
}
