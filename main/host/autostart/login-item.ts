import { RpcError } from '../../../shared/rpc/frames.ts';
import { startAtLogin as t } from '../../../shared/text/core/start-at-login.ts';
import type { Method } from './method.ts';

/** Asks the shell, which alone reaches Electron: with a value it is set first. Resolves with what the system says. */
export type AskLoginItem = (set: boolean | null) => Promise<boolean>;

/** The app on macOS and Windows: a login item of the system, which Electron puts there. */
export function loginItem(ask: AskLoginItem): Method {
  return {
    kind: 'app',
    place: t.loginItem,
    state: async () => ((await ask(null)) ? 'on' : 'off'),
    async enable() {
      if (!(await ask(true))) throw new RpcError('refused', t.loginItemRefused, t.loginItemFix);
      return [];
    },
    async disable() {
      if (await ask(false)) throw new RpcError('refused', t.loginItemKept, t.loginItemFix);
    },
  };
}
