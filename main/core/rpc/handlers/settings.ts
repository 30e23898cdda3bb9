import { messageOf } from '../../../../shared/base/message-of.ts';
import type { settingsCalls } from '../../../../shared/contract/settings.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { authorities } from '../../../../shared/text/core/authorities.ts';
import { gatewayPort as t } from '../../../../shared/text/core/gateway-port.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';
import { freePort } from '../../settings/gateway-port.ts';
import { mustBeKey, settingChange, settingView, settingViews } from '../../settings/table.ts';
import { authoritiesIn } from '../../upstream/http/authorities.ts';
import { moveGateway } from '../gateway-port.ts';

/** Answers the calls about settings.json. */
export function settingsHandlers(parts: CoreParts, { ports }: CoreOptions): HandlersOf<typeof settingsCalls> {
  const { settings, audit } = parts;
  /** The interface follows the setting; a port that is taken is refused here, where the person sees it. */
  const mustBeFree = async (key: string, port: number | null): Promise<void> => {
    if (key !== 'uiPort' || port === null || port === settings.get().uiPort) return;
    if ((await freePort(port)) === undefined) throw new RpcError('refused', t.taken(port), t.interfaceFix);
  };
  /** A file that could not be used is refused here, and not at the next connection. */
  const mustHoldAuthorities = async (key: string, file: string | undefined): Promise<void> => {
    if (key !== 'extraCaFile' || file === undefined) return;
    try {
      await authoritiesIn(file, (path) => ports.files.readFile(path, 'utf8'));
    } catch (error) {
      throw new RpcError('bad_input', authorities.fault(messageOf(error)), authorities.fixFile);
    }
  };
  return {
    'settings.list': () => settingViews(settings.get()),
    'settings.set': async ({ key, value }) => {
      const known = mustBeKey(key);
      const before = settingView(known, settings.get()).value;
      const change = settingChange(known, value);
      if (known === 'gatewayPort') {
        const { gatewayPort } = change(settings.get());
        if (gatewayPort !== null) await moveGateway(parts, gatewayPort);
      } else {
        const next = change(settings.get());
        await mustBeFree(known, next.uiPort);
        await mustHoldAuthorities(known, next.extraCaFile);
        await settings.update(change);
      }
      const view = settingView(known, settings.get());
      if (view.value !== before) audit.note('setting', { key, from: before, to: view.value });
      return view;
    },
  };
}
