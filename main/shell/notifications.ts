import { Notification } from 'electron';
import type { ApprovalView } from '../../shared/schemas/approval.ts';
import { notificationText } from './visible-text.ts';

export interface NotificationWords {
  readonly title: string;
  readonly body: string;
}
const NAME_MAX = 60;

/** Who wants what where. Names come from servers and agents: escaped, and never the arguments. */
export function approvalWords(approval: ApprovalView): NotificationWords {
  const client = notificationText(approval.clientName, NAME_MAX);
  const tool = notificationText(approval.tool, NAME_MAX);
  const server = notificationText(approval.server, NAME_MAX);
  return { title: `${client} waits for you`, body: `It wants to call ${tool} on ${server}.` };
}

export const moreWords: NotificationWords = {
  title: 'More calls wait for you',
  body: 'They are counted in the prompt and in the tray.',
};

export const closedToTray: NotificationWords = {
  title: 'Drawbridge keeps running',
  body: 'The gateway still guards your clients. Open the window or quit from the icon in the tray.',
};

/** Shows a notification where the desktop has them; `onClick` runs when it is chosen. Returns how to take it back. */
export function notify(words: NotificationWords, onClick?: () => void): () => void {
  if (!Notification.isSupported()) return () => {};
  const notification = new Notification({ ...words, silent: true });
  if (onClick) notification.on('click', onClick);
  notification.show();
  return () => notification.close();
}
