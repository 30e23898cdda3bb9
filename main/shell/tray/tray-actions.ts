import { app, dialog } from 'electron';
import { messageOf } from '../../../shared/base/message-of.ts';
import type { Contract } from '../../../shared/contract.ts';
import type { In, RpcClient } from '../../../shared/rpc/client.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { tray } from '../../../shared/text/tray.ts';
import type { ShellView } from '../core/view.ts';
import type { TrayAction } from './tray-menu.ts';

const t = tray.failed;

export interface TrayTargets {
  readonly windows: { showManager(hash?: string): void };
  readonly popup: { show(): void };
  view(): ShellView;
  client(): RpcClient<Contract> | undefined;
  restartCore(): void;
}

/** Does what a line of the tray's menu says. A refusal of the core is shown, never dropped. */
export function runTrayAction(targets: TrayTargets): (action: TrayAction) => void {
  const { windows, popup } = targets;
  const setMode = (input: In<Contract['calls']['mode.set']['input']>): void => {
    const client = targets.client();
    if (!client) {
      tell(t.notRunning, t.bridge);
      return;
    }
    client.call('mode.set', input).catch((error: unknown) => tell(wordsOf(error), t.bridge));
  };
  const resume = (id: string): void => {
    const client = targets.client();
    const failed = (detail: string): void => tell(detail, t.resume);
    if (!client) failed(t.notRunning);
    else client.call('clients.resume', { client: id }).catch((error: unknown) => failed(wordsOf(error)));
  };
  return (action) => {
    switch (action.do) {
      case 'approvals':
        return popup.show();
      case 'raise':
        return setMode({ mode: 'raised' });
      case 'bypass':
        return setMode({ mode: 'bypass', minutes: action.minutes });
      case 'lower':
      case 'end-bypass':
        // The core knows what the mode was before.
        return setMode({ mode: null });
      case 'resume':
        return resume(action.client);
      case 'activity':
        return windows.showManager('#/activity');
      case 'open':
        return windows.showManager();
      case 'settings':
        return windows.showManager('#/settings');
      case 'restart-core':
        return targets.restartCore();
      case 'quit':
        return app.quit();
    }
  };
}

function wordsOf(error: unknown): string {
  const fix = error instanceof RpcError && error.fix ? ` ${error.fix}` : '';
  return `${messageOf(error)}${fix}`;
}

function tell(detail: string, message: string): void {
  void dialog.showMessageBox({ type: 'error', message, detail });
}
