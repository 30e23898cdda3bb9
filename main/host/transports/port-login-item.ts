import type { AskLoginItem } from '../autostart/login-item.ts';
import type { FromCore, ToCore } from './core-messages.ts';

type Answer = Extract<ToCore, { type: 'login-item' }>;

/** The app as a login item, asked of the shell: only Electron's main process can reach it. */
export function portLoginItem(send: (message: FromCore) => void): {
  readonly ask: AskLoginItem;
  answer(message: Answer): void;
} {
  const waiting = new Map<number, { resolve(on: boolean): void; reject(error: Error): void }>();
  let nextId = 1;
  return {
    ask: (set) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        send({ type: 'login-item', id, set });
      }),
    answer({ id, on, error }) {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asked?.resolve(on);
      else asked?.reject(new Error(error));
    },
  };
}
