import type { startAtLoginCalls } from '../../../../shared/contract/start-at-login.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { startAtLogin as t } from '../../../../shared/text/core/start-at-login.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';
import type { StartAtLoginPort } from '../../ports.ts';

/** Answers the calls about starting with the computer. */
export function startAtLoginHandlers(
  { audit }: CoreParts,
  options: CoreOptions,
): HandlersOf<typeof startAtLoginCalls> {
  const port = (): StartAtLoginPort => {
    const { startAtLogin } = options.ports;
    if (!startAtLogin) throw new RpcError('refused', t.none);
    return startAtLogin;
  };
  return {
    'startAtLogin.get': () => port().get(),
    'startAtLogin.set': async ({ on }) => {
      const result = await port().set(on);
      audit.note('start-at-login', { on: result.on, kind: result.kind });
      return result;
    },
  };
}
