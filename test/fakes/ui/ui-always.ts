import { defaultSettings } from '../../../main/core/settings/schema.ts';
import { settingChange, settingView, settingViews } from '../../../main/core/settings/table.ts';
import type { gatewayCalls } from '../../../shared/contract/gateway.ts';
import type { settingsCalls } from '../../../shared/contract/settings.ts';
import type { startAtLoginCalls } from '../../../shared/contract/start-at-login.ts';
import type { Contract } from '../../../shared/contract.ts';
import type { Handlers } from '../../../shared/rpc/server.ts';

type AlwaysCalls =
  | keyof typeof startAtLoginCalls
  | keyof typeof settingsCalls
  | keyof typeof gatewayCalls
  | 'servers.config'
  | 'servers.edit'
  | 'servers.rename'
  | 'servers.stop'
  | 'servers.setDisabled'
  | 'servers.setStart';

/** Settings, the port, starting at login, and what servers do when a person says so. */
export function alwaysHandlers(
  setServer: (name: string, change: object) => void,
): Pick<Handlers<Contract>, AlwaysCalls> {
  let settings = defaultSettings;
  let startsAtLogin = false;
  const startAtLogin = () => ({
    on: startsAtLogin,
    kind: 'app' as const,
    place: '/home/ada/.config/autostart/drawbridge.desktop',
    notes: [],
  });
  return {
    'startAtLogin.get': startAtLogin,
    'startAtLogin.set': ({ on }) => {
      startsAtLogin = on;
      return startAtLogin();
    },
    'settings.list': () => settingViews(settings),
    'settings.set': ({ key, value }) => {
      settings = settingChange(key, value)(settings);
      return settingView(key as 'uiPort', settings);
    },
    'gateway.planMove': ({ port }) => ({ from: 7717, to: port ?? 7718, plans: [] }),
    'gateway.move': ({ port }) => ({ from: 7717, to: port, results: [], byHand: [] }),
    'servers.config': () => ({
      kind: 'stdio' as const,
      command: 'npx',
      args: ['-y', 'server'],
      env: { API_TOKEN: { secret: 'server/filesystem/env/API_TOKEN' }, LEVEL: 'info' },
    }),
    'servers.edit': () => null,
    'servers.rename': ({ name, to }) => {
      setServer(name, { name: to });
      return [];
    },
    'servers.stop': ({ name }) => {
      setServer(name, { status: 'idle' });
      return null;
    },
    'servers.setStart': ({ name, start }) => {
      setServer(name, { start: start === 'used' ? start : undefined });
      return null;
    },
    'servers.setDisabled': ({ name, disabled }) => {
      setServer(name, { disabled });
      return null;
    },
  };
}
