import { Bus } from './bus.ts';

/** A desktop's notifications: what is on the screen now, and the words of all there ever were. */
export interface NotificationsStandIn {
  open(): number;
  readonly words: readonly { title: string; body: string }[];
  stop(): void;
}

/** Answers as org.freedesktop.Notifications 1.2 on this bus. */
export async function startNotifications(busPath: string): Promise<NotificationsStandIn> {
  const bus = await Bus.connect(busPath);
  const words: { title: string; body: string }[] = [];
  const shown = new Set<number>();
  bus.onCall = ({ member, body }) => {
    switch (member) {
      case 'GetCapabilities':
        return { signature: 'as', body: [['actions', 'body']] };
      case 'GetServerInformation':
        return { signature: 'ssss', body: ['stand-in', 'test', '1', '1.2'] };
      case 'Notify': {
        const id = Number(body[1]) || words.length + 1;
        words.push({ title: String(body[3]), body: String(body[4]) });
        shown.add(id);
        return { signature: 'u', body: [id] };
      }
      case 'CloseNotification':
        shown.delete(Number(body[0]));
        return { signature: '', body: [] };
      default:
        return undefined;
    }
  };
  const [code] = await bus.daemon('RequestName', 'su', ['org.freedesktop.Notifications', 0]);
  if (code !== 1) throw new Error(`The bus did not give the name for notifications (${code})`);
  return { open: () => shown.size, words, stop: () => bus.close() };
}
