import type { settingsCalls } from '../../../../shared/contract/settings.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { CoreParts } from '../../parts.ts';
import { mustBeKey, settingChange, settingView, settingViews } from '../../settings/table.ts';
import { moveGateway } from '../gateway-port.ts';

/** Answers the calls about settings.json. */
export function settingsHandlers(parts: CoreParts): HandlersOf<typeof settingsCalls> {
  const { settings, audit } = parts;
  return {
    'settings.list': () => settingViews(settings.get()),
    'settings.set': async ({ key, value }) => {
      const known = mustBeKey(key);
      const before = settingView(known, settings.get()).value;
      const change = settingChange(known, value);
      if (known === 'gatewayPort') {
        const { gatewayPort } = change(settings.get());
        if (gatewayPort !== null) await moveGateway(parts, gatewayPort);
      } else await settings.update(change);
      const view = settingView(known, settings.get());
      if (view.value !== before) audit.note('setting', { key, from: before, to: view.value });
      return view;
    },
  };
}
